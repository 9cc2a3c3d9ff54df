namespace AgentCanary.Control;

/// <summary>A report that came, as a store keeps it, so that it counts once across restarts.</summary>
/// <param name="Id">The hash of its id.</param>
/// <param name="At">When it came, as Unix time in seconds.</param>
/// <param name="Parked">The report itself while it waits until its request is known; empty once it does not.</param>
public readonly record struct ReportRow(ulong Id, uint At, ReadOnlyMemory<byte> Parked);
