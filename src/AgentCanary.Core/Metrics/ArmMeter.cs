namespace AgentCanary.Metrics;

/// <summary>The figures of one arm that no tick cuts: fine histograms, distinct users, and what came too late for its tick. Each exists
/// from its first value on.</summary>
internal sealed class ArmMeter(ArmShape shape)
{
    private LatencyHistogram? _latency;
    private LatencyHistogram? _firstContent;
    private UserRegisters? _users;
    private ArmCells? _late;

    public ArmTotals Late => Volatile.Read(ref _late)?.ReadTotals() ?? ArmTotals.Empty;

    public LatencySnapshot Latency => Volatile.Read(ref _latency)?.Snapshot() ?? LatencySnapshot.Empty;

    public LatencySnapshot FirstContent => Volatile.Read(ref _firstContent)?.Snapshot() ?? LatencySnapshot.Empty;

    public UserSketch Users => Volatile.Read(ref _users)?.Snapshot() ?? UserSketch.Empty;

    public void Add(int stripe, ulong keyHash, in Outcome outcome)
    {
        if (outcome.Class.IsCounted)
        {
            (_latency ?? Keep(ref _latency, new(shape.Stripes))).Add(stripe, outcome.Latency);
            if (outcome.FirstContent is { } firstContent)
                (_firstContent ?? Keep(ref _firstContent, new(shape.Stripes))).Add(stripe, firstContent);
        }
        if (keyHash != 0) (_users ?? Keep(ref _users, new())).Add(keyHash);
    }

    public void AddLate(int stripe, in Outcome outcome)
    {
        var late = _late ?? Keep(ref _late, new(shape, BinLayout.None, null));
        late.Start(stripe);
        late.End(stripe, in outcome);
    }

    private static T Keep<T>(ref T? place, T made)
        where T : class => Interlocked.CompareExchange(ref place, made, null) ?? made;
}
