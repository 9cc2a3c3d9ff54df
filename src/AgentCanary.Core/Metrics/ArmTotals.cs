using System.Collections.Immutable;
using System.Runtime.InteropServices;

namespace AgentCanary.Metrics;

/// <summary>What has arrived in one arm so far, whether its tick is complete or not. Requests that were given up are not in it until they
/// end. Immutable and thread-safe.</summary>
public sealed record ArmTotals
{
    internal const int ClassCount = (int)OutcomeClass.Abandoned + 1;

    private static readonly ImmutableArray<long> NoClasses = [.. new long[ClassCount]];

    /// <summary>Gets an arm without requests.</summary>
    public static ArmTotals Empty { get; } = new();

    /// <summary>Gets the number of finished requests of all classes.</summary>
    public long Finished => Sum(Classes.AsSpan());

    /// <summary>Gets the number of finished requests that count in error and success rates.</summary>
    public long Counted => Finished - this[OutcomeClass.ErrorClient] - this[OutcomeClass.RateLimited] - this[OutcomeClass.CanceledByClient]
        - this[OutcomeClass.Abandoned] - this[OutcomeClass.InputRequired];

    /// <summary>Gets the number of failed requests: <c>error_upstream</c>, <c>timeout</c>, <c>stream_broken</c> and
    /// <c>safety</c>.</summary>
    public long Failed => HardFailed + this[OutcomeClass.Safety];

    /// <summary>Gets the number of requests that failed at the transport or with a 5xx, as <see cref="Outcome.IsHardFailure"/>
    /// says.</summary>
    public long HardFailed => this[OutcomeClass.ErrorUpstream] + this[OutcomeClass.Timeout] + this[OutcomeClass.StreamBroken];

    /// <summary>Gets the number of safety violations: one for each request of class <c>safety</c>, and those that outcomes reported
    /// besides.</summary>
    public long SafetyViolations => this[OutcomeClass.Safety] + Reported;

    /// <summary>Gets the number of requests whose start was counted and that neither ended nor were given up.</summary>
    public long InFlight { get; internal init; }

    internal ImmutableArray<long> Classes { get; init; } = NoClasses;

    internal long Reported { get; init; }

    /// <summary>Gets the number of finished requests of a class.</summary>
    public long this[OutcomeClass outcomeClass] => Classes[(int)outcomeClass];

    internal ArmTotals Plus(ArmTotals other)
    {
        if (ReferenceEquals(other, Empty)) return this;
        var classes = new long[ClassCount];
        for (var i = 0; i < classes.Length; i++) classes[i] = Classes[i] + other.Classes[i];
        return new()
        {
            Classes = ImmutableCollectionsMarshal.AsImmutableArray(classes),
            Reported = Reported + other.Reported,
            InFlight = InFlight + other.InFlight,
        };
    }

    internal ArmTotals WithTimeouts(long more) => this with
    {
        Classes = Classes.SetItem((int)OutcomeClass.Timeout, this[OutcomeClass.Timeout] + more),
    };

    private static long Sum(ReadOnlySpan<long> classes)
    {
        var sum = 0L;
        foreach (var count in classes) sum += count;
        return sum;
    }
}
