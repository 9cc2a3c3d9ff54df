using AgentCanary.Control;

namespace AgentCanary.Storage.Tests;

/// <summary>What every store of reports promises. A store derives this class and says how it is opened.</summary>
public abstract class ReportStoreContract : IAsyncLifetime
{
    private const uint Now = 1_800_000_000;

    protected IReportStore Store { get; private set; } = null!;

    public async Task InitializeAsync() => Store = await OpenAsync();

    public abstract Task DisposeAsync();

    protected abstract Task<IReportStore> OpenAsync();

    [Fact]
    public async Task The_newest_are_read_back_the_oldest_of_them_first()
    {
        await Store.WriteAsync([Row(ulong.MaxValue, Now + 2), Row(1UL << 63, Now + 3, 1, 2, 3), Row(1, Now + 1)], default);

        Assert.Equal(["18446744073709551615 2 ", "9223372036854775808 3 010203"], (await Store.ReadAsync(2, default)).Select(Told));
        Assert.Equal(3, (await Store.ReadAsync(10, default)).Length);
    }

    [Fact]
    public async Task A_report_that_no_longer_waits_is_kept_without_what_it_said()
    {
        await Store.WriteAsync([Row(7, Now, 1, 2, 3)], default);
        await Store.WriteAsync([Row(7, Now + 9)], default);

        Assert.Equal("7 9 ", Told(Assert.Single(await Store.ReadAsync(10, default))));
    }

    [Fact]
    public async Task Trimming_removes_what_is_too_old_and_all_but_the_newest()
    {
        await Store.WriteAsync([.. Enumerable.Range(0, 10).Select(i => Row((ulong)i, Now + (uint)i))], default);

        await Store.TrimAsync(Now + 3, most: 100, default);
        Assert.Equal([3UL, 4, 5, 6, 7, 8, 9], (await Store.ReadAsync(100, default)).Select(row => row.Id));

        await Store.TrimAsync(0, most: 2, default);
        Assert.Equal([8UL, 9], (await Store.ReadAsync(100, default)).Select(row => row.Id));
    }

    [Fact]
    public async Task Nothing_to_write_is_nothing_wrong()
    {
        await Store.WriteAsync([], default);
        await Store.TrimAsync(Now, 1, default);
        Assert.Empty(await Store.ReadAsync(1, default));
    }

    protected static ReportRow Row(ulong id, uint at = Now, params byte[] parked) => new(id, at, parked);

    private static string Told(ReportRow row) => $"{row.Id} {row.At - Now} {Convert.ToHexString(row.Parked.Span)}";
}
