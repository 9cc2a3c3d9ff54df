using AgentCanary.Control;

namespace AgentCanary.Storage.Sqlite;

/// <summary>A row of <c>reports</c>. SQLite's integers are signed, so the id is the same 64 bits read as such a one.</summary>
internal sealed record ReportRecord(long Id, long At, byte[]? Parked)
{
    public static ReportRecord Of(ReportRow row) => new(unchecked((long)row.Id), row.At, row.Parked.IsEmpty ? null : row.Parked.ToArray());

    public ReportRow ToRow() => new(unchecked((ulong)Id), (uint)At, Parked);
}
