using System.Collections.Immutable;

namespace AgentCanary.Metrics;

/// <summary>
/// The counters of one arm in one tick. Writers are many and take no lock. The class is what a writer adds last, and the classes together
/// are the count of ended requests: once it equals the count of started ones, all else of these requests is here too. A request whose
/// outcome was refused has ended without a class; its start is never taken back, for a sum over stripes could miss it and not the taking.
/// </summary>
internal sealed class ArmCells(ArmShape shape, BinLayout layout, StripedSums? sums)
{
    /// <summary>The sums besides those of the scores: tokens and cost, each with its count, and the answers that did not tell them.</summary>
    public const int Sums = 6;

    // Rarely written cells at both ends: the busy ones of two stripes are 128 bytes apart, wherever the array lies.
    private const int Reported = 0;
    private const int FirstBin = Reported + 1;
    private readonly int _started = FirstBin + layout.Striped;
    private readonly int _classes = FirstBin + layout.Striped + 1;
    private readonly int _refused = FirstBin + layout.Striped + 1 + ArmTotals.ClassCount;

    private readonly StripedCounts _counts = new(FirstBin + layout.Striped + 1 + ArmTotals.ClassCount + 1, shape.Stripes);
    private readonly StripedCounts? _wide = layout.Wide == 0 ? null : new(layout.Wide, 1);
    private StripedSums? _sums = sums;

    public void Start(int stripe, int amount = 1) => _counts.Add(stripe, _started, amount);

    public void End(int stripe, ulong keyHash, in Outcome outcome)
    {
        if (outcome.Class.IsCounted) AddDurations(stripe, in outcome);
        if (outcome.Tokens is not null || outcome.Cost is not null || outcome.IsUsageUnknown || !outcome.Scores.IsDefaultOrEmpty) AddSums(stripe, keyHash, in outcome);
        if (outcome.SafetyViolations > 0) _counts.Add(stripe, Reported, outcome.SafetyViolations);
        _counts.Add(stripe, _classes + (int)outcome.Class);
    }

    public void EndRefused(int stripe) => _counts.Add(stripe, _refused);

    public long ReadStarted() => _counts.Read(_started);

    public long ReadRefused() => _counts.Read(_refused);

    public long ReadHardFailed() =>
        _counts.Read(_classes + (int)OutcomeClass.ErrorUpstream) + _counts.Read(_classes + (int)OutcomeClass.Timeout) + _counts.Read(_classes + (int)OutcomeClass.StreamBroken);

    public long ReadEnded()
    {
        var ended = ReadRefused();
        for (var i = 0; i < ArmTotals.ClassCount; i++) ended += _counts.Read(_classes + i);
        return ended;
    }

    /// <summary>Reads what has arrived. Ended before started, so that a race never shows more ended than started.</summary>
    public ArmTotals ReadTotals()
    {
        var classes = new long[ArmTotals.ClassCount];
        _counts.Read(_classes, classes);
        var ended = classes.Sum() + ReadRefused();
        return new() { Classes = [.. classes], Reported = _counts.Read(Reported), InFlight = Math.Max(0, ReadStarted() - ended) };
    }

    /// <summary>Reads all but the missing ones. The classes come last: a request that they show is in the other figures too, but these may
    /// be a request ahead of them.</summary>
    public MetricWindow ReadWindow()
    {
        var sums = Volatile.Read(ref _sums);
        var reported = _counts.Read(Reported);
        var window = new MetricWindow
        {
            Tokens = sums?.Read(0) ?? 0,
            TokenCount = sums?.Read(1) ?? 0,
            CostSum = sums?.Read(2) ?? 0,
            CostCount = sums?.Read(3) ?? 0,
            UsageUnknown = sums?.Read(4) ?? 0,
            Unpriced = sums?.Read(5) ?? 0,
            Scores = sums is null ? [] : ReadScores(sums),
            Totals = new() { Classes = ReadClasses(), Reported = reported },
        };
        return window.Finished == 0 ? MetricWindow.Empty : window;
    }

    /// <summary>Reads the bins. They are there from the first start on, so that no outcome decides whether they can be merged.</summary>
    public ArmBins ReadBins()
    {
        if (layout.Striped + layout.Wide == 0 || ReadStarted() == 0) return ArmBins.Empty;
        var quantities = new List<(string, BinCounts)>();
        for (var place = 0; place < layout.Places; place++)
        {
            var (bins, first, isWide) = layout[place];
            if (bins is null) continue;
            Span<long> cells = new long[bins.Count];
            if (isWide) _wide!.Read(first, cells);
            else _counts.Read(FirstBin + first, cells);
            quantities.Add((layout.Name(place), new(bins, BucketCounts.Of(cells))));
        }
        return new(quantities);
    }

    private ImmutableArray<long> ReadClasses()
    {
        var classes = new long[ArmTotals.ClassCount];
        _counts.Read(_classes, classes);
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

    // A failed request is slower than all: else a version that fails fast would look fast.
    private void AddDurations(int stripe, in Outcome outcome)
    {
        var isFailure = outcome.Class.IsFailure;
        if (isFailure || outcome.Latency is not null) Count(stripe, BinLayout.Latency, isFailure ? long.MaxValue : outcome.Latency!.Value.Ticks);
        if (isFailure || outcome.FirstContent is not null) Count(stripe, BinLayout.FirstContent, isFailure ? long.MaxValue : outcome.FirstContent!.Value.Ticks);
    }

    private void Count(int stripe, int place, long value)
    {
        ref readonly var at = ref layout[place];
        if (at.Bins is not { } bins) return;
        if (at.IsWide) _wide!.Add(0, at.First + bins.Find(value));
        else _counts.Add(stripe, FirstBin + at.First + bins.Find(value));
    }

    private void AddSums(int stripe, ulong keyHash, in Outcome outcome)
    {
        var sums = _sums ?? Keep(ref _sums, shape.MakeSums());
        if (outcome.Tokens is { } tokens)
        {
            sums.Add(stripe, 0, tokens);
            sums.Add(stripe, 1, 1);
            Count(stripe, BinLayout.Tokens, tokens);
        }
        else if (outcome.IsUsageUnknown) sums.Add(stripe, 4, 1);
        if (outcome.Cost is { } cost)
        {
            sums.Add(stripe, 2, FixedPoint.OfCost(cost));
            sums.Add(stripe, 3, 1);
            Count(stripe, BinLayout.Cost, FixedPoint.OfCost(cost));
        }
        else if (outcome.IsUnpriced) sums.Add(stripe, 5, 1);
        if (!outcome.Scores.IsDefaultOrEmpty) AddScores(stripe, keyHash, outcome.Scores, sums);
    }

    private void AddScores(int stripe, ulong keyHash, ImmutableArray<Score> scores, StripedSums sums)
    {
        foreach (var score in scores)
        {
            var place = shape.ScoreNames.IndexOf(score.Name);
            if (place < 0) continue;
            var whole = FixedPoint.OfScore(score.Value);
            sums.Add(stripe, Sums + (3 * place), 1);
            sums.Add(stripe, Sums + (3 * place) + 1, whole);
            sums.Add(stripe, Sums + (3 * place) + 2, FixedPoint.OfSquare(score.Value));
            Count(stripe, BinLayout.Scores + place, whole);
            Count(stripe, layout.Adjusted + place, whole - layout.Expected(place, keyHash));
        }
    }

    private static T Keep<T>(ref T? place, T made)
        where T : class => Interlocked.CompareExchange(ref place, made, null) ?? made;
}
