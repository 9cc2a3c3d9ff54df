using System.Collections.Immutable;

namespace AgentCanary.Metrics;

/// <summary>
/// What the cells of one arm must hold, learned from its traffic: an arm without requests, costs or streams pays nothing for them. The
/// first outcome of a kind makes its own cells; from the next tick on the control path makes them ahead.
/// </summary>
internal sealed class ArmShape(int stripes, ImmutableArray<string> scoreNames)
{
    private volatile bool _hasTraffic;
    private volatile bool _hasSums;
    private volatile bool _hasFirstContent;

    public int Stripes => stripes;

    public ImmutableArray<string> ScoreNames => scoreNames;

    public bool HasTraffic => _hasTraffic;

    public ArmCells MakeCells()
    {
        _hasTraffic = true;
        return new(this, _hasSums ? NewSums() : null, _hasFirstContent ? NewFirstContent() : null);
    }

    public StripedSums MakeSums()
    {
        _hasSums = true;
        return NewSums();
    }

    public StripedCounts MakeFirstContent()
    {
        _hasFirstContent = true;
        return NewFirstContent();
    }

    private StripedSums NewSums() => new(ArmCells.Sums + (3 * scoreNames.Length), stripes);

    private StripedCounts NewFirstContent() => new(CoarseHistogram.Buckets, stripes);
}
