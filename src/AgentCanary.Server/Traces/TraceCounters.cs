namespace AgentCanary.Server.Traces;

/// <summary>Counts what became of the outcomes that a trace was to hold. Thread-safe.</summary>
internal sealed class TraceCounters
{
    private long _recorded;
    private long _dropped;
    private volatile bool _isRecording;

    /// <summary>Gets or sets whether outcomes are being recorded.</summary>
    public bool IsRecording
    {
        get => _isRecording;
        set => _isRecording = value;
    }

    /// <summary>Gets how many outcomes are in the files.</summary>
    public long Recorded => Volatile.Read(ref _recorded);

    /// <summary>Gets how many outcomes are not: too many waited, the disk was full, or a figure was impossible.</summary>
    public long Dropped => Volatile.Read(ref _dropped);

    public void OnRecorded(int outcomes) => Interlocked.Add(ref _recorded, outcomes);

    public void OnDropped(int outcomes = 1) => Interlocked.Add(ref _dropped, outcomes);
}
