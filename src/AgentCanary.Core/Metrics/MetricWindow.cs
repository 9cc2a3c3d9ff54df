using System.Collections.Immutable;

namespace AgentCanary.Metrics;

/// <summary>
/// One arm over some ticks: a sum of whole numbers, so that <see cref="Merge"/> gives the same bits in every order. Rates are null where
/// nothing stands below the line. Immutable and thread-safe; equal by value.
/// </summary>
public sealed class MetricWindow : IEquatable<MetricWindow>
{
    internal MetricWindow()
    {
    }

    /// <summary>Gets a window without requests.</summary>
    public static MetricWindow Empty { get; } = new();

    /// <summary>Gets the number of finished requests of all classes, the missing ones included.</summary>
    public long Finished => Totals.Finished;

    /// <summary>Gets the number of finished requests that count in error and success rates.</summary>
    public long Counted => Totals.Counted;

    /// <summary>Gets the number of failed requests: <c>error_upstream</c>, <c>timeout</c>, <c>stream_broken</c> and
    /// <c>safety</c>.</summary>
    public long Failed => Totals.Failed;

    /// <summary>Gets the number of requests that failed at the transport or with a 5xx, as <see cref="Outcome.IsHardFailure"/>
    /// says.</summary>
    public long HardFailed => Totals.HardFailed;

    /// <summary>Gets how many of the timed out requests had no outcome at the deadline.</summary>
    public long Missing { get; internal init; }

    /// <summary>Gets the number of safety violations: one for each request of class <c>safety</c>, and those that outcomes reported
    /// besides.</summary>
    public long SafetyViolations => Totals.SafetyViolations;

    /// <summary>Gets failed / counted.</summary>
    public double? ErrorRate => Rate(Failed, Counted);

    /// <summary>Gets 1 − <see cref="ErrorRate"/>.</summary>
    public double? SuccessRate => Rate(Counted - Failed, Counted);

    /// <summary>Gets refused answers / counted.</summary>
    public double? RefusalRate => Rate(this[OutcomeClass.Refusal], Counted);

    /// <summary>Gets truncated answers / counted.</summary>
    public double? TruncationRate => Rate(this[OutcomeClass.Truncated], Counted);

    /// <summary>Gets answers with a failed tool call / counted.</summary>
    public double? ToolErrorRate => Rate(this[OutcomeClass.ToolError], Counted);

    /// <summary>Gets broken streams / counted.</summary>
    public double? StreamBreakRate => Rate(this[OutcomeClass.StreamBroken], Counted);

    /// <summary>Gets calls that a quota refused / all finished.</summary>
    public double? RateLimitedRate => Rate(this[OutcomeClass.RateLimited], Finished);

    /// <summary>Gets the mean number of tokens of the requests that told it.</summary>
    public double? TokensPerRequest => TokenCount == 0 ? null : (double)Tokens / TokenCount;

    /// <summary>Gets how many requests told their tokens.</summary>
    public long TokenCount { get; internal init; }

    /// <summary>Gets the sum of all costs, rounded to a billionth each.</summary>
    public double Cost => (double)CostSum / FixedPoint.Billionths;

    /// <summary>Gets the mean cost of the requests that told it.</summary>
    public double? CostPerRequest => CostCount == 0 ? null : Cost / CostCount;

    /// <summary>Gets how many requests told their cost.</summary>
    public long CostCount { get; internal init; }

    /// <summary>Gets how many answers of models did not tell their tokens, as <see cref="Outcome.IsUsageUnknown"/> says.</summary>
    public long UsageUnknown { get; internal init; }

    /// <summary>Gets how many answers of models have no cost, as <see cref="Outcome.IsUnpriced"/> says.</summary>
    public long Unpriced { get; internal init; }

    /// <summary>Gets the fine histogram of latencies, or null where none was attached.</summary>
    public LatencySnapshot? Latency { get; internal init; }

    /// <summary>Gets the fine histogram of times to first content, or null where none was attached.</summary>
    public LatencySnapshot? FirstContent { get; internal init; }

    /// <summary>Gets the distinct users, or null where no sketch was attached.</summary>
    public UserSketch? Users { get; internal init; }

    /// <summary>Gets the mean latency of the attached fine histogram, or null without one.</summary>
    public TimeSpan? MeanLatency => Latency?.Mean;

    internal ArmTotals Totals { get; init; } = ArmTotals.Empty;

    /// <summary>Gets what really arrived: all but the missing.</summary>
    internal ArmTotals Arrived => Missing == 0 ? Totals : Totals.WithTimeouts(-Missing);

    internal Int128 Tokens { get; init; }

    internal Int128 CostSum { get; init; }

    /// <summary>Gets the sums of the scores that have values, by rising name.</summary>
    internal ImmutableArray<ScoreSum> Scores { get; init; } = [];

    /// <summary>Gets the number of finished requests of a class.</summary>
    public long this[OutcomeClass outcomeClass] => Totals[outcomeClass];

    /// <summary>Gets the moments of a score, or null where no request had it.</summary>
    public ScoreMoments? Score(string name)
    {
        foreach (var score in Scores)
        {
            if (score.Name == name) return score.Moments;
        }
        return null;
    }

    /// <summary>Adds another window. Associative and commutative to the bit, with <see cref="Empty"/> as its zero.</summary>
    public MetricWindow Merge(MetricWindow other)
    {
        ArgumentNullException.ThrowIfNull(other);
        if (ReferenceEquals(other, Empty)) return this;
        if (ReferenceEquals(this, Empty)) return other;
        return new()
        {
            Totals = Totals.Plus(other.Totals),
            Missing = Missing + other.Missing,
            Tokens = Tokens + other.Tokens,
            TokenCount = TokenCount + other.TokenCount,
            CostSum = CostSum + other.CostSum,
            CostCount = CostCount + other.CostCount,
            UsageUnknown = UsageUnknown + other.UsageUnknown,
            Unpriced = Unpriced + other.Unpriced,
            Scores = MergeScores(other.Scores),
            Latency = Either(Latency, other.Latency, static (left, right) => left.Plus(right)),
            FirstContent = Either(FirstContent, other.FirstContent, static (left, right) => left.Plus(right)),
            Users = Either(Users, other.Users, static (left, right) => left.Merge(right)),
        };
    }

    /// <summary>Gives the same window with figures that no tick holds: the fine histograms and the users of a stage. Null takes one
    /// off.</summary>
    public MetricWindow With(LatencySnapshot? latency, LatencySnapshot? firstContent, UserSketch? users) =>
        Copy(Totals, Missing, latency, firstContent, users);

    /// <summary>Gives the window as bytes that <see cref="Read"/> understands: a version, the figures and a check sum.</summary>
    public byte[] ToBytes() => MetricWindowCodec.Write(this);

    /// <summary>Reads a window from its bytes.</summary>
    /// <exception cref="InvalidDataException">The version is unknown, or the bytes are cut short or damaged.</exception>
    public static MetricWindow Read(ReadOnlySpan<byte> bytes) => MetricWindowCodec.Read(bytes);

    /// <inheritdoc/>
    public bool Equals(MetricWindow? other) =>
        ReferenceEquals(this, other) || (other is not null && ToBytes().AsSpan().SequenceEqual(other.ToBytes()));

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as MetricWindow);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Finished, Failed, Tokens, CostSum, Scores.Length);

    /// <summary>Makes a window of scores alone, by rising name.</summary>
    internal static MetricWindow OfScores(ImmutableArray<ScoreSum> scores) => scores.IsEmpty ? Empty : new() { Scores = scores };

    /// <summary>Makes a window of how many answers told their tokens and their cost, and how many did not.</summary>
    internal static MetricWindow OfTold(MetricWindow window) => window is { TokenCount: 0, UsageUnknown: 0, CostCount: 0, Unpriced: 0 } ? Empty
        : new() { TokenCount = window.TokenCount, UsageUnknown = window.UsageUnknown, CostCount = window.CostCount, Unpriced = window.Unpriced };

    internal MetricWindow WithMissing(long missing) =>
        missing <= 0 ? this : Copy(Totals.WithTimeouts(missing), Missing + missing, Latency, FirstContent, Users);

    private static T? Either<T>(T? left, T? right, Func<T, T, T> join)
        where T : class => left is null ? right : right is null ? left : join(left, right);

    private static double? Rate(long part, long whole) => whole == 0 ? null : (double)part / whole;

    private MetricWindow Copy(ArmTotals totals, long missing, LatencySnapshot? latency, LatencySnapshot? firstContent, UserSketch? users) => new()
    {
        Totals = totals,
        Missing = missing,
        Tokens = Tokens,
        TokenCount = TokenCount,
        CostSum = CostSum,
        CostCount = CostCount,
        UsageUnknown = UsageUnknown,
        Unpriced = Unpriced,
        Scores = Scores,
        Latency = latency,
        FirstContent = firstContent,
        Users = users,
    };

    private ImmutableArray<ScoreSum> MergeScores(ImmutableArray<ScoreSum> others) => others.IsEmpty ? Scores : Scores.IsEmpty ? others :
    [
        .. Scores.Concat(others)
            .GroupBy(score => score.Name, StringComparer.Ordinal)
            .Select(group => group.Aggregate((sum, score) => sum.Plus(score)))
            .OrderBy(score => score.Name, StringComparer.Ordinal),
    ];
}
