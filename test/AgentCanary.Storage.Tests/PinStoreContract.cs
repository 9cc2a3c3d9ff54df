using AgentCanary.Control;
using AgentCanary.Routing;

namespace AgentCanary.Storage.Tests;

/// <summary>What every store of pins promises. A store derives this class and says how it is opened.</summary>
public abstract class PinStoreContract : IAsyncLifetime
{
    private const string Agent = "support-agent";
    private const uint Now = 1_800_000_000;

    protected IPinStore Store { get; private set; } = null!;

    public async Task InitializeAsync() => Store = await OpenAsync();

    public abstract Task DisposeAsync();

    protected abstract Task<IPinStore> OpenAsync();

    [Fact]
    public async Task What_was_written_is_read_back_those_that_expire_last_first()
    {
        PinRow[] rows =
        [
            Row(ulong.MaxValue, version: 0xFFFFFF, expires: Now + 2),
            Row(2, version: 1, expires: Now + 3, began: 255, isHead: true),
            Row(1UL << 63, version: 7, expires: Now + 1),
        ];
        await Store.WriteAsync([.. rows], default);

        Assert.Equal([rows[1], rows[0], rows[2]], (await Store.ReadAsync(Agent, Now, 10, default)).ToArray());
        Assert.Equal([rows[1], rows[0]], (await Store.ReadAsync(Agent, Now, 2, default)).ToArray());
    }

    [Fact]
    public async Task A_pin_of_the_same_key_is_replaced()
    {
        await Store.WriteAsync([Row(5, version: 1, expires: Now + 1), Row(5, version: 2, expires: Now + 2)], default);
        await Store.WriteAsync([Row(5, version: 3, expires: Now + 3, began: 4, isHead: true)], default);

        Assert.Equal(Row(5, version: 3, expires: Now + 3, began: 4, isHead: true), Assert.Single(await Store.ReadAsync(Agent, Now, 10, default)));
    }

    [Fact]
    public async Task What_has_expired_is_not_read()
    {
        await Store.WriteAsync([Row(5, expires: Now), Row(6, expires: Now + 1)], default);
        Assert.Equal(6UL, Assert.Single(await Store.ReadAsync(Agent, Now, 10, default)).Pin.Key);
    }

    [Fact]
    public async Task Agents_do_not_touch_each_other()
    {
        await Store.WriteAsync([Row(5, version: 1), Row(5, version: 1, agent: "other")], default);

        await Store.ForgetAsync(Agent, 1, default);

        Assert.Empty(await Store.ReadAsync(Agent, Now, 10, default));
        Assert.Single(await Store.ReadAsync("other", Now, 10, default));
    }

    [Fact]
    public async Task Forgetting_a_version_leaves_the_others()
    {
        await Store.WriteAsync([Row(5, version: 1), Row(6, version: 2), Row(7, version: 1)], default);

        await Store.ForgetAsync(Agent, 1, default);

        Assert.Equal(6UL, Assert.Single(await Store.ReadAsync(Agent, Now, 10, default)).Pin.Key);
    }

    [Fact]
    public async Task Trimming_removes_what_has_expired_and_of_each_agent_all_but_the_pins_that_expire_last()
    {
        await Store.WriteAsync([.. Enumerable.Range(10, 6).Select(i => Row((ulong)i, expires: Now - 13 + (uint)i)), Row(99, expires: Now + 1, agent: "other")], default);

        await Store.TrimAsync(Now - 1, most: 2, default);

        Assert.Equal([15UL, 14UL], (await Store.ReadAsync(Agent, 0, 10, default)).Select(row => row.Pin.Key));
        Assert.Single(await Store.ReadAsync("other", 0, 10, default));
    }

    [Fact]
    public async Task Nothing_to_write_is_nothing_wrong()
    {
        await Store.WriteAsync([], default);
        await Store.ForgetAsync(Agent, 1, default);
        await Store.TrimAsync(Now, 1, default);
        Assert.Empty(await Store.ReadAsync(Agent, Now, 1, default));
    }

    protected static PinRow Row(ulong key, uint version = 1, uint expires = Now + 60, byte began = 0, bool isHead = false, string agent = Agent) =>
        new(agent, new(key, version, expires) { Began = began, IsHead = isHead });
}
