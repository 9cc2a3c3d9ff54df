namespace AgentCanary.Metrics;

/// <summary>
/// Counts the canary's safety violations of an attempt. All stages of the attempt count here, so that none is lost between two of them. Thread-safe, without a lock.
/// </summary>
/// <param name="before">How many were counted by the processes before.</param>
internal sealed class SafetyCount(long before = 0)
{
    private long _violations = before;

    /// <summary>Gets how many there are.</summary>
    public long Violations => Volatile.Read(ref _violations);

    /// <summary>Adds some. Hot path.</summary>
    public void Add(int violations) => Interlocked.Add(ref _violations, violations);
}
