using AgentCanary.Control;
using AgentCanary.Routing;

namespace AgentCanary.Storage.Sqlite;

/// <summary>A row of <c>pins</c>. SQLite's integers are signed, so the key is the same 64 bits read as such a one.</summary>
internal sealed record PinRecord(string Agent, long Key, long Version, long ExpiresAt, long Began, long IsHead)
{
    public static PinRecord Of(PinRow row) =>
        new(row.Agent, unchecked((long)row.Pin.Key), row.Pin.Version, row.Pin.ExpiresAt, row.Pin.Began, row.Pin.IsHead ? 1 : 0);

    public PinRow ToRow() => new(Agent, new(unchecked((ulong)Key), (uint)Version, (uint)ExpiresAt) { Began = (byte)Began, IsHead = IsHead != 0 });
}
