using AgentCanary.Control;

namespace AgentCanary.Server.Reports;

/// <summary>Counts what became of reports since the process started. Thread-safe. A parked report is counted once more when it leaves.</summary>
public sealed class ReportTotals
{
    private static readonly int Fates = Enum.GetValues<ReportFate>().Length;

    private readonly long[] _counts = new long[Enum.GetValues<ReportKind>().Length * Fates];
    private int _parked;

    /// <summary>Gets how many reports wait until their ids are known.</summary>
    public int Parked
    {
        get => Volatile.Read(ref _parked);
        internal set => Volatile.Write(ref _parked, value);
    }

    /// <summary>Gets how many reports of a kind met a fate.</summary>
    public long this[ReportKind kind, ReportFate fate] => Volatile.Read(ref _counts[Place(kind, fate)]);

    internal void Count(ReportKind kind, ReportFate fate) => Interlocked.Increment(ref _counts[Place(kind, fate)]);

    private static int Place(ReportKind kind, ReportFate fate) => ((int)kind * Fates) + (int)fate;
}
