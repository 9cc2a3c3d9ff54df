using AgentCanary.Control;
using AgentCanary.Storage.Sqlite;

namespace AgentCanary.Storage.Tests;

public sealed class SqliteReportStoreTests : ReportStoreContract
{
    private readonly DataDirectory _directory = new();
    private SqliteRolloutStore? _store;

    public override async Task DisposeAsync()
    {
        await _store!.DisposeAsync();
        _directory.Dispose();
    }

    [Fact]
    public async Task Reports_outlive_the_store_that_wrote_them()
    {
        await Store.WriteAsync([Row(5, parked: [9])], default);
        await _store!.DisposeAsync();
        var again = await OpenAsync();

        Assert.Equal(5UL, Assert.Single(await again.ReadAsync(10, default)).Id);
    }

    protected override async Task<IReportStore> OpenAsync() => (_store = await _directory.OpenAsync()).Reports;
}
