using AgentCanary.Control;
using AgentCanary.Storage.Sqlite;

namespace AgentCanary.Storage.Tests;

public sealed class SqliteStoreTests : RolloutStoreContract
{
    private readonly DataDirectory _directory = new();
    private SqliteRolloutStore? _store;

    public override async Task DisposeAsync()
    {
        await _store!.DisposeAsync();
        _directory.Dispose();
    }

    protected override async Task<IRolloutStore> OpenAsync() => _store = await _directory.OpenAsync();
}
