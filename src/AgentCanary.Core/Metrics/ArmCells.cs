using System.Collections.Immutable;

namespace AgentCanary.Metrics;

/// <summary>
/// The counters of one arm in one tick. Writers are many and take no lock. The class is what a writer adds last, and the classes together
/// are the count of ended requests: once it equals the count of started ones, all else of these requests is here too. A request whose
/// outcome was refused has ended without a class; its start is never taken back, for a sum over stripes could miss it and not the taking.
/// </summary>
internal sealed class ArmCells(ArmShape shape, StripedSums? sums, StripedCounts? firstContent)
{
    /// <summary>The sums besides those of the scores: tokens and cost, each with its count.</summary>
    public const int Sums = 4;

    // Rarely written cells at both ends: the busy ones of two stripes are 128 bytes apart, wherever the array lies.
    private const int Reported = 0;
    private const int Latency = Reported + 1;
    private const int Started = Latency + CoarseHistogram.Buckets;
    private const int Classes = Started + 1;
    private const int Refused = Classes + ArmTotals.ClassCount;
    private const int Length = Refused + 1;

    private readonly StripedCounts _counts = new(Length, shape.Stripes);
    private StripedSums? _sums = sums;
    private StripedCounts? _firstContent = firstContent;

    public void Start(int stripe, int amount = 1) => _counts.Add(stripe, Started, amount);

    public void End(int stripe, in Outcome outcome)
    {
        if (outcome.Class.IsCounted && !outcome.Class.IsFailure) AddLatencies(stripe, in outcome);
        if (outcome.Tokens is not null || outcome.Cost is not null || !outcome.Scores.IsDefaultOrEmpty) AddSums(stripe, in outcome);
        if (outcome.SafetyViolations > 0) _counts.Add(stripe, Reported, outcome.SafetyViolations);
        _counts.Add(stripe, Classes + (int)outcome.Class);
    }

    public void EndRefused(int stripe) => _counts.Add(stripe, Refused);

    public long ReadStarted() => _counts.Read(Started);

    public long ReadRefused() => _counts.Read(Refused);

    public long ReadEnded()
    {
        var ended = ReadRefused();
        for (var i = 0; i < ArmTotals.ClassCount; i++) ended += _counts.Read(Classes + i);
        return ended;
    }

    /// <summary>Reads what has arrived. Ended before started, so that a race never shows more ended than started.</summary>
    public ArmTotals ReadTotals()
    {
        var classes = new long[ArmTotals.ClassCount];
        _counts.Read(Classes, classes);
        var ended = classes.Sum() + ReadRefused();
        return new() { Classes = [.. classes], Reported = _counts.Read(Reported), InFlight = Math.Max(0, ReadStarted() - ended) };
    }

    /// <summary>Reads all but the missing ones. The classes come last: a request that they show is in the other figures too, but these may
    /// be a request ahead of them.</summary>
    public MetricWindow ReadWindow()
    {
        Span<long> buckets = stackalloc long[CoarseHistogram.Buckets];
        _counts.Read(Latency, buckets);
        var latencies = BucketCounts.Of(buckets);
        var sums = Volatile.Read(ref _sums);
        var reported = _counts.Read(Reported);
        var window = new MetricWindow
        {
            Latencies = latencies.Total == 0 ? CoarseHistogram.Empty : new(latencies),
            FirstContents = ReadFirstContents(buckets),
            Tokens = sums?.Read(0) ?? 0,
            TokenCount = sums?.Read(1) ?? 0,
            CostSum = sums?.Read(2) ?? 0,
            CostCount = sums?.Read(3) ?? 0,
            Scores = sums is null ? [] : ReadScores(sums),
            Totals = new() { Classes = ReadClasses(), Reported = reported },
        };
        return window.Finished == 0 ? MetricWindow.Empty : window;
    }

    private CoarseHistogram ReadFirstContents(Span<long> buckets)
    {
        if (Volatile.Read(ref _firstContent) is not { } cells) return CoarseHistogram.Empty;
        cells.Read(0, buckets);
        return new(BucketCounts.Of(buckets));
    }

    private ImmutableArray<long> ReadClasses()
    {
        var classes = new long[ArmTotals.ClassCount];
        _counts.Read(Classes, classes);
        return [.. classes];
    }

    private ImmutableArray<ScoreSum> ReadScores(StripedSums sums) =>
    [
        .. shape.ScoreNames
            .Select((name, i) => (name, at: Sums + (3 * i)))
            .Select(score => new ScoreSum(score.name, sums.Read(score.at), sums.Read(score.at + 1), sums.Read(score.at + 2)))
            .Where(score => score.Count > 0)
            .OrderBy(score => score.Name, StringComparer.Ordinal),
    ];

    private void AddLatencies(int stripe, in Outcome outcome)
    {
        _counts.Add(stripe, Latency + CoarseHistogram.BucketOf(outcome.Latency));
        if (outcome.FirstContent is { } firstContent)
            (_firstContent ?? Keep(ref _firstContent, shape.MakeFirstContent())).Add(stripe, CoarseHistogram.BucketOf(firstContent));
    }

    private void AddSums(int stripe, in Outcome outcome)
    {
        var sums = _sums ?? Keep(ref _sums, shape.MakeSums());
        if (outcome.Tokens is { } tokens)
        {
            sums.Add(stripe, 0, tokens);
            sums.Add(stripe, 1, 1);
        }
        if (outcome.Cost is { } cost)
        {
            sums.Add(stripe, 2, FixedPoint.OfCost(cost));
            sums.Add(stripe, 3, 1);
        }
        if (outcome.Scores.IsDefaultOrEmpty) return;
        foreach (var score in outcome.Scores)
        {
            var place = shape.ScoreNames.IndexOf(score.Name);
            if (place < 0) continue;
            sums.Add(stripe, Sums + (3 * place), 1);
            sums.Add(stripe, Sums + (3 * place) + 1, FixedPoint.OfScore(score.Value));
            sums.Add(stripe, Sums + (3 * place) + 2, FixedPoint.OfSquare(score.Value));
        }
    }

    private static T Keep<T>(ref T? place, T made)
        where T : class => Interlocked.CompareExchange(ref place, made, null) ?? made;
}
