using AgentCanary.Control;
using AgentCanary.Storage.Sqlite;

namespace AgentCanary.Storage.Tests;

public sealed class SqlitePinStoreTests : PinStoreContract
{
    private readonly DataDirectory _directory = new();
    private SqliteRolloutStore? _store;

    public override async Task DisposeAsync()
    {
        await _store!.DisposeAsync();
        _directory.Dispose();
    }

    [Fact]
    public async Task Pins_outlive_the_store_that_wrote_them()
    {
        await Store.WriteAsync([Row(5, version: 3, began: 7, isHead: true)], default);
        await _store!.DisposeAsync();
        var again = await OpenAsync();

        Assert.Equal(Row(5, version: 3, began: 7, isHead: true), Assert.Single(await again.ReadAsync("support-agent", 0, 10, default)));
    }

    protected override async Task<IPinStore> OpenAsync() => (_store = await _directory.OpenAsync()).Pins;
}
