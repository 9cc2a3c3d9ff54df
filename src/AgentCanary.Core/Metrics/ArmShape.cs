using System.Collections.Immutable;

namespace AgentCanary.Metrics;

/// <summary>
/// What the cells of one arm must hold, learned from its traffic: an arm without requests, costs or streams pays nothing for them. The
/// first outcome of a kind makes its own cells; from the next tick on the control path makes them ahead.
/// </summary>
internal sealed class ArmShape(int stripes, ImmutableArray<string> scoreNames, BinLayout layout)
{
    private volatile BinLayout _layout = layout;
    private volatile bool _hasTraffic;
    private volatile bool _hasSums;

    public int Stripes => stripes;

    public ImmutableArray<string> ScoreNames => scoreNames;

    public bool HasTraffic => _hasTraffic;

    /// <summary>Gets or sets the bins of ticks that are opened from now on. One caller at a time sets it.</summary>
    public BinLayout Layout
    {
        get => _layout;
        set => _layout = value;
    }

    public ArmCells MakeCells(BinLayout layout)
    {
        _hasTraffic = true;
        return new(this, layout, _hasSums ? NewSums() : null);
    }

    public StripedSums MakeSums()
    {
        _hasSums = true;
        return NewSums();
    }

    private StripedSums NewSums() => new(ArmCells.Sums + (3 * scoreNames.Length), stripes);
}
