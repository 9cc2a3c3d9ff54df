using System.Collections.Immutable;

namespace AgentCanary.Metrics;

/// <summary>Scores of one arm that belong to no tick: sums, and bins where a test asks for them. As large after a million scores as after one. One caller at a time.</summary>
internal sealed class ScoreCells(ImmutableArray<string> names, BinPlan plan, Arm arm)
{
    private readonly ScoreSum[] _sums = [.. names.Select(name => new ScoreSum(name, 0, 0, 0))];
    private readonly string[] _quantities = [.. names.Select(Quantity.Score), .. names.Select(Quantity.Adjusted)];
    private readonly Bins?[] _bins = [.. names.Select(name => plan.Find(Quantity.Score(name), arm)), .. names.Select(name => plan.Find(Quantity.Adjusted(name), arm))];
    private readonly long[]?[] _cells = new long[2 * names.Length][];

    /// <summary>Adds a score.</summary>
    /// <param name="place">Its name's place among the names.</param>
    /// <param name="value">The figure, within <see cref="OutcomeLimits"/>.</param>
    /// <param name="expected">What is expected of its key beyond the mean, in millionths.</param>
    public void Add(int place, double value, long expected)
    {
        var whole = FixedPoint.OfScore(value);
        _sums[place] = _sums[place].Plus(new(names[place], 1, whole, FixedPoint.OfSquare(value)));
        Count(place, whole);
        Count(names.Length + place, whole - expected);
    }

    /// <summary>Reads the sums as a window without requests.</summary>
    public MetricWindow ReadWindow() => MetricWindow.OfScores([.. _sums.Where(sum => sum.Count > 0).OrderBy(sum => sum.Name, StringComparer.Ordinal)]);

    /// <summary>Reads the bins.</summary>
    public ArmBins ReadBins() => new(
        from place in Enumerable.Range(0, _cells.Length)
        where _cells[place] is not null
        select (_quantities[place], new BinCounts(_bins[place]!, BucketCounts.Of(_cells[place]))));

    private void Count(int place, long value)
    {
        if (_bins[place] is { } bins) (_cells[place] ??= new long[bins.Count])[bins.Find(value)]++;
    }
}
