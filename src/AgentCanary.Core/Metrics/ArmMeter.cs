namespace AgentCanary.Metrics;

/// <summary>The figures of one arm that no tick cuts: fine histograms, distinct users, what came too late for its tick, and what is no
/// evidence. Each exists from its first value on.</summary>
internal sealed class ArmMeter(ArmShape shape)
{
    private LatencyHistogram? _latency;
    private LatencyHistogram? _firstContent;
    private UserRegisters? _users;
    private ArmCells? _late;
    private ArmCells? _beside;

    public ArmTotals Late => Volatile.Read(ref _late)?.ReadTotals() ?? ArmTotals.Empty;

    /// <summary>Gets the requests that are in no tick: late, or no evidence.</summary>
    public ArmTotals Untimed => Volatile.Read(ref _beside) is { } beside ? Late.Plus(beside.ReadTotals()) with { InFlight = 0 }
        : Volatile.Read(ref _late) is { } late ? late.ReadTotals() with { InFlight = 0 }
        : ArmTotals.Empty;

    public LatencySnapshot Latency => Volatile.Read(ref _latency)?.Snapshot() ?? LatencySnapshot.Empty;

    public LatencySnapshot FirstContent => Volatile.Read(ref _firstContent)?.Snapshot() ?? LatencySnapshot.Empty;

    public UserSketch Users => Volatile.Read(ref _users)?.Snapshot() ?? UserSketch.Empty;

    public void Add(int stripe, ulong keyHash, in Outcome outcome)
    {
        if (outcome.Class.IsCounted)
        {
            if (outcome.Latency is { } latency)
                (_latency ?? Keep(ref _latency, new(shape.Stripes))).Add(stripe, latency);
            if (outcome.FirstContent is { } firstContent)
                (_firstContent ?? Keep(ref _firstContent, new(shape.Stripes))).Add(stripe, firstContent);
        }
        if (keyHash != 0) (_users ?? Keep(ref _users, new())).Add(keyHash);
    }

    public void AddLate(int stripe, in Outcome outcome) => Add(ref _late, stripe, in outcome);

    public void AddBeside(int stripe, in Outcome outcome) => Add(ref _beside, stripe, in outcome);

    private void Add(ref ArmCells? place, int stripe, in Outcome outcome)
    {
        var cells = place ?? Keep(ref place, new(shape, BinLayout.None, null));
        cells.Start(stripe);
        cells.End(stripe, keyHash: 0, in outcome);
    }

    private static T Keep<T>(ref T? place, T made)
        where T : class => Interlocked.CompareExchange(ref place, made, null) ?? made;
}
