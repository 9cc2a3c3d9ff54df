namespace AgentCanary.Metrics;

/// <summary>The distinct sticky keys of one stage while they come: which were seen, and how many of those that the split drew each arm got. Thread-safe, takes no lock.</summary>
internal sealed class KeyMeter
{
    private readonly SeenKeys _seen;
    private long _canary;
    private long _control;

    public KeyMeter(KeyCounts kept) => (_seen, _canary, _control) = (new(kept.Seen), kept.Canary, kept.Control);

    /// <summary>Notes the key of a request that starts. Hot path.</summary>
    /// <param name="arm">Canary or control.</param>
    /// <param name="keyHash">The key's hash, not 0.</param>
    /// <param name="isDrawn">Whether the split drew the arm, so that it says something of the share.</param>
    /// <returns>Whether the key is new in this stage.</returns>
    public bool See(Arm arm, ulong keyHash, bool isDrawn)
    {
        if (!_seen.Add(keyHash)) return false;
        if (isDrawn) Interlocked.Increment(ref arm == Arm.Canary ? ref _canary : ref _control);
        return true;
    }

    public KeyCounts Read() => new(Volatile.Read(ref _canary), Volatile.Read(ref _control)) { Seen = _seen.Read() };

    /// <summary>Reads how many keys each arm got, without the keys.</summary>
    public (long Canary, long Control) ReadCounts() => (Volatile.Read(ref _canary), Volatile.Read(ref _control));
}
