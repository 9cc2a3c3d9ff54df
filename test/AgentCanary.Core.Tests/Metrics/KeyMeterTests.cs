using AgentCanary.Metrics;
using AgentCanary.Routing;
using FsCheck;
using FsCheck.Fluent;

namespace AgentCanary.Core.Tests.Metrics;

public sealed class KeyMeterTests
{
    [Fact]
    public void A_key_counts_once_however_often_it_comes_and_only_where_the_split_drew_it()
    {
        var meter = new KeyMeter(KeyCounts.Empty);
        Assert.True(meter.See(Arm.Canary, Hash(1), isDrawn: true));
        Assert.False(meter.See(Arm.Canary, Hash(1), isDrawn: true));
        Assert.False(meter.See(Arm.Control, Hash(1), isDrawn: true));
        Assert.True(meter.See(Arm.Control, Hash(2), isDrawn: true));
        Assert.True(meter.See(Arm.Control, Hash(3), isDrawn: false));
        Assert.Equal((1, 1), meter.ReadCounts());
    }

    [Fact]
    public void A_thousand_keys_are_counted_nearly_all_and_a_million_fill_the_places_and_no_more_memory()
    {
        var meter = new KeyMeter(KeyCounts.Empty);
        for (var i = 0; i < 1_000; i++) meter.See(Arm.Control, Hash(i), isDrawn: true);
        Assert.InRange(meter.ReadCounts().Control, 980, 1_000);
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 1_000_000; i++) meter.See(Arm.Control, Hash(i), isDrawn: true);
        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
        Assert.InRange(meter.ReadCounts().Control, 130_000, 131_072);
    }

    [Fact]
    public void Which_keys_are_left_out_says_nothing_of_their_arm()
    {
        var meter = new KeyMeter(KeyCounts.Empty);
        var drawn = 0;
        for (var i = 0; i < 400_000; i++)
        {
            var isCanary = StickyHash.IsCanary((uint)(Hash(i) >> 32), Weight.FromPercent(5));
            if (meter.See(isCanary ? Arm.Canary : Arm.Control, Hash(i), isDrawn: true)) drawn++;
        }
        var (canary, control) = meter.ReadCounts();
        Assert.Equal(drawn, canary + control);
        Assert.InRange(canary / (double)drawn, 0.047, 0.053); // five standard errors
    }

    [Fact]
    public void Many_threads_count_each_key_once()
    {
        var meter = new KeyMeter(KeyCounts.Empty);
        var alone = new KeyMeter(KeyCounts.Empty);
        for (var i = 0; i < 20_000; i++) alone.See(Arm.Control, Hash(i), isDrawn: true);
        var threads = Enumerable.Range(0, 4).Select(_ => new Thread(() =>
        {
            for (var i = 0; i < 20_000; i++) meter.See(Arm.Control, Hash(i), isDrawn: true);
        })).ToList();
        threads.ForEach(thread => thread.Start());
        threads.ForEach(thread => thread.Join());
        Assert.Equal(alone.Read(), meter.Read());
    }

    [Fact]
    public void What_is_kept_is_read_back_whole_whether_few_or_many_keys_were_seen() => Prop.ForAll<uint>(seed =>
    {
        var meter = new KeyMeter(KeyCounts.Empty);
        for (var i = 0; i < (int)(seed % 5) * 9_000; i++) meter.See(i % 20 == 0 ? Arm.Canary : Arm.Control, Hash((int)seed + i), isDrawn: true);
        var counts = meter.Read();
        using var stream = new MemoryStream();
        counts.Write(new(stream));
        Assert.InRange(stream.Length, 1, 17_000);
        stream.Position = 0;
        var read = KeyCounts.Read(new(stream));
        Assert.Equal(counts, read);
        var resumed = new KeyMeter(read);
        if (counts.Control > 0) Assert.False(resumed.See(Arm.Control, Hash((int)seed + 1), isDrawn: true));
        Assert.Equal(meter.ReadCounts(), resumed.ReadCounts());
    }).QuickCheckThrowOnFailure();

    // A key of two letters, so that nothing but the meter could allocate.
    private static ulong Hash(int key) => StickyHash.Hash([(char)('a' + (key & 0xFFF)), (char)('a' + (key >> 12))], salt: 7);
}
