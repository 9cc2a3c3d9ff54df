namespace AgentCanary.Metrics;

/// <summary>The two arms of one tick that is not complete yet. Cells of an arm exist from its first request on; its bins are fixed before it.</summary>
internal sealed class TickSlot(long tick, BinLayout controlLayout, BinLayout canaryLayout)
{
    private ArmCells? _control;
    private ArmCells? _canary;
    private ((long Control, long Canary) Ended, TickTally Tally)? _settled;
    private volatile bool _isClosing;

    public long Tick => tick;

    /// <summary>Gets or sets the tick that followed. Far later where nobody advanced for long: requests may have started in this one until
    /// then.</summary>
    public long Next { get; set; }

    /// <summary>Gets or sets whether the tick is about to be taken, so that outcomes without a counted start must not enter it any
    /// more.</summary>
    public bool IsClosing
    {
        get => _isClosing;
        set
        {
            _isClosing = value;
            Interlocked.MemoryBarrier(); // the counters are read after this is seen: an entry that is not seen in them sees it
        }
    }

    public ArmCells? Control => Volatile.Read(ref _control);

    public ArmCells? Canary => Volatile.Read(ref _canary);

    public ArmCells? this[Arm arm] => arm == Arm.Canary ? Canary : Control;

    public ArmCells Cells(Arm arm, ArmShape shape) => arm == Arm.Canary
        ? _canary ?? Keep(ref _canary, shape, canaryLayout)
        : _control ?? Keep(ref _control, shape, controlLayout);

    /// <summary>Reads the tick if all that started in it has ended, in both arms, and nothing ended while it was read. One caller at a time.</summary>
    public TickTally? ReadIfSettled()
    {
        var (control, canary) = (Control, Canary);
        var (controlEnded, canaryEnded) = (control?.ReadEnded() ?? 0, canary?.ReadEnded() ?? 0);
        if (!IsSettled(control, controlEnded) || !IsSettled(canary, canaryEnded)) return null;
        // Nothing has ended since: a tick that waits behind a slow one is read once.
        if (_settled is { } known && known.Ended == (controlEnded, canaryEnded)) return known.Tally;
        var tally = controlEnded + canaryEnded == 0 ? new(Tick, MetricWindow.Empty, MetricWindow.Empty) : Read(control, canary);
        var isWhole = tally.Control.Finished + Refused(control) == controlEnded && tally.Canary.Finished + Refused(canary) == canaryEnded
            && IsSettled(control, controlEnded) && IsSettled(canary, canaryEnded) && Control == control && Canary == canary;
        if (!isWhole) return null;
        _settled = ((controlEnded, canaryEnded), tally);
        return tally;
    }

    /// <summary>Reads the tick as it stands and counts what has not ended as timed out.</summary>
    public TickTally ReadGivingUp()
    {
        var (control, canary) = (Control, Canary);
        var tally = Read(control, canary);
        var controlMissing = (control?.ReadStarted() ?? 0) - Refused(control) - tally.Control.Finished;
        var canaryMissing = (canary?.ReadStarted() ?? 0) - Refused(canary) - tally.Canary.Finished;
        return new(Tick, tally.Control.WithMissing(controlMissing), tally.Canary.WithMissing(canaryMissing))
        {
            ControlBins = tally.ControlBins.WithMissing(controlMissing),
            CanaryBins = tally.CanaryBins.WithMissing(canaryMissing),
        };
    }

    // Ended was read before, started is read now: every end that was read has its start before it, so a tick never looks settled early.
    private static bool IsSettled(ArmCells? cells, long ended) => cells is null || cells.ReadStarted() <= ended;

    private static long Refused(ArmCells? cells) => cells?.ReadRefused() ?? 0;

    private static ArmCells Keep(ref ArmCells? place, ArmShape shape, BinLayout layout)
    {
        var made = shape.MakeCells(layout);
        return Interlocked.CompareExchange(ref place, made, null) ?? made;
    }

    // The bins before the windows, whose classes come last: a request that they show is in the bins too.
    private TickTally Read(ArmCells? control, ArmCells? canary)
    {
        var (controlBins, canaryBins) = (control?.ReadBins() ?? ArmBins.Empty, canary?.ReadBins() ?? ArmBins.Empty);
        return new(Tick, control?.ReadWindow() ?? MetricWindow.Empty, canary?.ReadWindow() ?? MetricWindow.Empty) { ControlBins = controlBins, CanaryBins = canaryBins };
    }
}
