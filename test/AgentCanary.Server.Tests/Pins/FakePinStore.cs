using System.Collections.Immutable;
using AgentCanary.Control;

namespace AgentCanary.Server.Tests.Pins;

/// <summary>A store of pins in memory that fails when a test says so.</summary>
internal sealed class FakePinStore : IPinStore
{
    public Dictionary<(string Agent, ulong Key), PinRow> Rows { get; } = [];

    public bool IsBroken { get; set; }

    public int Writes { get; private set; }

    public ValueTask WriteAsync(ImmutableArray<PinRow> rows, CancellationToken cancellationToken)
    {
        ThrowIfBroken();
        Writes++;
        foreach (var row in rows) Rows[(row.Agent, row.Pin.Key)] = row;
        return default;
    }

    public ValueTask<ImmutableArray<PinRow>> ReadAsync(string agent, uint now, int limit, CancellationToken cancellationToken)
    {
        ThrowIfBroken();
        return ValueTask.FromResult(Rows.Values.Where(row => row.Agent == agent && row.Pin.ExpiresAt > now).Take(limit).ToImmutableArray());
    }

    public ValueTask ForgetAsync(string agent, uint version, CancellationToken cancellationToken)
    {
        ThrowIfBroken();
        foreach (var row in Rows.Values.Where(row => row.Agent == agent && row.Pin.Version == version).ToList()) Rows.Remove((row.Agent, row.Pin.Key));
        return default;
    }

    public ValueTask TrimAsync(uint now, int most, CancellationToken cancellationToken) => default;

    private void ThrowIfBroken()
    {
        if (IsBroken) throw new StoreUnavailableException("The disk is full.");
    }
}
