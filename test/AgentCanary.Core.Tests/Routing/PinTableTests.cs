using AgentCanary.Routing;
using FsCheck;
using FsCheck.Fluent;

namespace AgentCanary.Core.Tests.Routing;

public sealed class PinTableTests
{
    private const uint Now = 1_800_000_000;
    private static readonly uint V1 = Pin.VersionOf("v1");
    private static readonly uint V2 = Pin.VersionOf("v2");

    [Fact]
    public void A_pin_is_found_until_it_expires()
    {
        var table = new PinTable();
        Assert.False(table.TryFind(Key("a"), Now, out _));
        var pin = new Pin(Key("a"), V1, Now + 10) { Began = 255, IsHead = true };
        table.Keep(pin, Now);

        Assert.True(table.TryFind(Key("a"), Now + 9, out var found));
        Assert.Equal(pin, found);
        Assert.False(table.TryFind(Key("a"), Now + 10, out _));
        Assert.False(table.TryFind(Key("b"), Now, out _));
    }

    [Fact]
    public void The_same_text_for_two_things_is_two_ids() => Assert.NotEqual(Pin.KeyOf(1, "1"), Pin.KeyOf(2, "1"));

    [Fact]
    public void A_table_that_is_not_full_answers_as_a_dictionary_does() => Prop.ForAll<(byte Act, byte Id, byte Age)[]>(acts =>
    {
        var (table, model, now) = (new PinTable(1024), new Dictionary<ulong, Pin>(), Now);
        foreach (var (act, id, age) in acts)
        {
            now += act % 3u;
            var pin = new Pin(Key($"id-{id}"), id % 2 == 0 ? V1 : V2, now + age) { Began = act, IsHead = age % 2 == 0 };
            if (act % 16 == 0) Forget(table, model, pin.Version);
            else if (act % 4 == 1) Change(table, model, pin);
            else Keep(table, model, pin, now);
        }

        return table.Evicted == 0 && Enumerable.Range(0, 256).All(id => Same(table, model, Key($"id-{id}"), now))
            && table.Count(V1, now) == model.Values.Count(pin => pin.Version == V1 && pin.IsHead && pin.ExpiresAt > now);
    }).QuickCheckThrowOnFailure();

    [Fact]
    public void It_fills_to_four_fifths_before_a_live_pin_has_to_go()
    {
        var table = new PinTable(1 << 14);
        for (var i = 0; i < (1 << 14) * 4 / 5; i++) table.Keep(new(Key($"id-{i}"), V1, Now + 60), Now);
        Assert.Equal(0, table.Evicted);
    }

    [Fact]
    public void A_full_table_keeps_what_was_used_last_and_never_grows()
    {
        var table = new PinTable(1024);
        for (var i = 0u; i < 20_000; i++)
        {
            table.Keep(new(Key($"id-{i}"), V1, Now + 100 + i) { IsHead = true }, Now);
            Assert.True(table.TryFind(Key($"id-{i}"), Now, out _));
        }

        Assert.Equal(1024, table.Count(V1, Now));
        Assert.Equal(20_000 - 1024, table.Evicted);
        Assert.All(Enumerable.Range(20_000 - 200, 200), i => Assert.True(table.TryFind(Key($"id-{i}"), Now, out _)));
    }

    [Fact]
    public void What_has_expired_makes_room_and_is_not_counted_as_evicted()
    {
        var table = new PinTable(32);
        for (var i = 0u; i < 32; i++) table.Keep(new(Key($"old-{i}"), V1, Now + 1), Now);
        for (var i = 0u; i < 32; i++) table.Keep(new(Key($"new-{i}"), V1, Now + 100), Now + 1);
        Assert.Equal(0, table.Evicted);
        Assert.All(Enumerable.Range(0, 32), i => Assert.True(table.TryFind(Key($"new-{i}"), Now + 1, out _)));
    }

    [Fact]
    public void What_is_new_or_changed_is_taken_once_and_again_where_it_was_put_back()
    {
        var table = new PinTable(64);
        var (a, b) = (new Pin(Key("a"), V1, Now + 10), new Pin(Key("b"), V2, Now + 20));
        table.Keep(a, Now);
        table.Keep(b, Now);
        table.Keep(new(Key("stored"), V1, Now + 10), Now, isWritten: true);
        Assert.Equal(Sorted(a, b), Taken(table));
        Assert.Empty(Taken(table));

        table.PutBack([b]);
        Assert.Equal([b], Taken(table));
        table.Change(a with { ExpiresAt = Now + 11 });
        Assert.Equal([a with { ExpiresAt = Now + 11 }], Taken(table));
        table.Keep(a, Now);
        Assert.Equal(1, table.Forget(V1) - 1);
        Assert.Empty(Taken(table));
    }

    [Fact]
    public void A_change_brings_nothing_back_that_was_forgotten()
    {
        var table = new PinTable(64);
        var pin = new Pin(Key("a"), V1, Now + 10);
        table.Keep(pin, Now);
        table.Forget(V1);
        table.Change(pin);
        Assert.False(table.TryFind(pin.Key, Now, out _));
        table.Keep(pin with { Version = V2 }, Now);
        table.Change(pin);
        Assert.True(table.TryFind(pin.Key, Now, out var found) && found.Version == V2);
    }

    [Fact]
    public async Task Readers_never_see_the_pin_of_another_id_while_places_change_hands()
    {
        // Far more ids than places, and the version of each follows from the id: any mix-up shows.
        var (table, ids) = (new PinTable(64), Enumerable.Range(0, 400).Select(i => Key($"id-{i}")).ToArray());
        using var done = new CancellationTokenSource();
        var writers = Enumerable.Range(0, 2).Select(seed => Task.Run(() =>
        {
            for (var i = 0u; i < 200_000; i++) table.Keep(PinOf(ids[(i * 7919 + seed) % ids.Length], i), Now);
        })).ToArray();
        var readers = Enumerable.Range(0, 2).Select(_ => Task.Run(() =>
        {
            var wrong = 0;
            while (!done.IsCancellationRequested)
                foreach (var id in ids)
                    if (table.TryFind(id, Now, out var pin) && pin.Version != ((uint)id & 0xFFFF)) wrong++;
            return wrong;
        })).ToArray();
        await Task.WhenAll(writers);
        await done.CancelAsync();

        Assert.Equal(0, (await Task.WhenAll(readers)).Sum());

        static Pin PinOf(ulong id, uint i) => new(id, (uint)id & 0xFFFF, Now + 1 + (i % 1000));
    }

    [Fact]
    public void Finding_allocates_nothing()
    {
        var table = new PinTable(64);
        table.Keep(new(Key("a"), V1, Now + 10), Now);
        Find();
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 1000; i++) Find();
        Assert.Equal(before, GC.GetAllocatedBytesForCurrentThread());

        void Find()
        {
            _ = table.TryFind(Key("a"), Now, out _);
            _ = table.TryFind(Key("no such id"), Now, out _);
        }
    }

    [Theory, InlineData(0), InlineData(16), InlineData(48), InlineData(-64)]
    public void A_capacity_that_is_no_power_of_two_from_32_on_is_refused(int capacity) =>
        Assert.Throws<ArgumentOutOfRangeException>(() => new PinTable(capacity));

    [Theory, InlineData(0u, 1_577_836_800u), InlineData(1_577_836_801u, 1_577_836_801u), InlineData(uint.MaxValue, 3_725_320_447u)]
    public void Times_outside_2020_to_2088_are_moved_to_the_nearer_end(uint expiresAt, uint kept) =>
        Assert.Equal(kept, Pin.Unpack(5, new Pin(5, V1, expiresAt).Pack()).ExpiresAt);

    private static ulong Key(string id) => Pin.KeyOf(1, id);

    private static Pin[] Sorted(params Pin[] pins) => [.. pins.OrderBy(pin => pin.Key)];

    private static Pin[] Taken(PinTable table)
    {
        var pins = new Pin[16];
        return Sorted(pins[..table.Take(pins)]);
    }

    private static bool Same(PinTable table, Dictionary<ulong, Pin> model, ulong key, uint now)
    {
        var isFound = table.TryFind(key, now, out var found);
        return isFound ? model[key] == found && found.ExpiresAt > now : !model.TryGetValue(key, out var pin) || pin.ExpiresAt <= now;
    }

    private static void Keep(PinTable table, Dictionary<ulong, Pin> model, Pin pin, uint now)
    {
        table.Keep(pin, now);
        model[pin.Key] = pin;
    }

    private static void Change(PinTable table, Dictionary<ulong, Pin> model, Pin pin)
    {
        table.Change(pin);
        if (model.TryGetValue(pin.Key, out var known) && known.Version == pin.Version) model[pin.Key] = pin;
    }

    private static void Forget(PinTable table, Dictionary<ulong, Pin> model, uint version)
    {
        table.Forget(version);
        foreach (var gone in model.Values.Where(pin => pin.Version == version).ToList()) model.Remove(gone.Key);
    }
}
