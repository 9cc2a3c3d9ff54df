using AgentCanary.Metrics;
using AgentCanary.Planning;
using AgentCanary.Planning.Simulation;
using AgentCanary.Routing;
using FsCheck;
using FsCheck.Fluent;

namespace AgentCanary.Core.Tests.Metrics;

public sealed class KeySamplerTests
{
    [Fact]
    public void Requests_of_independent_users_and_of_one_request_each_have_no_design_effect()
    {
        var random = new SplitMix64(1);
        var alone = new KeySampler();
        for (var i = 0; i < 50_000; i++) alone.Add(Hash(i), random.NextUnit() < 0.05);
        Assert.Equal(1, alone.DesignEffect(), tolerance: 0.01);

        var independent = new KeySampler();
        for (var i = 0; i < 100_000; i++) independent.Add(Hash(i % 1_000), random.NextUnit() < 0.05);
        Assert.InRange(independent.DesignEffect(), 1, 1.2);
    }

    [Theory]
    [InlineData(5, 0.02, 1.08), InlineData(25, 0.1, 3.4), InlineData(100, 0.1, 10.9), InlineData(100, 0.02, 2.98)]
    public void Users_that_are_alike_have_the_design_effect_of_the_text_book(int requests, double correlation, double expected)
    {
        // 1 + (m − 1)·ICC for m requests of each user.
        var random = new SplitMix64(2);
        var sampler = new KeySampler();
        for (var user = 0; user < 4_000; user++)
        {
            var rate = Draws.Beta(random, 0.05 * ((1 / correlation) - 1), 0.95 * ((1 / correlation) - 1));
            for (var i = 0; i < requests; i++) sampler.Add(Hash(user), random.NextUnit() < rate);
        }
        Assert.InRange(sampler.DesignEffect(), expected * 0.8, expected * 1.25);
    }

    [Fact]
    public void The_sample_is_of_all_users_alike_and_not_of_those_who_ask_most_or_came_first()
    {
        // 20,000 users; every tenth asks thirty times as much, and comes first.
        var sampler = new KeySampler();
        for (var user = 0; user < 20_000; user += 10)
        {
            for (var i = 0; i < 30; i++) sampler.Add(Hash(user), isFailure: false);
        }
        for (var user = 0; user < 20_000; user++) sampler.Add(Hash(user), isFailure: false);
        var sampled = sampler.Read().Select(bits => new SampledKey(bits)).Where(key => key.Requests > 0).ToList();
        Assert.InRange(sampled.Count, 2_040, 2_048);
        Assert.InRange(sampled.Count(key => key.Requests == 31), 140, 270); // a tenth, five standard errors
        Assert.All(sampled, key => Assert.True(key.Requests is 1 or 31));
    }

    [Fact]
    public void What_is_kept_is_read_back_whole_and_goes_on() => Prop.ForAll<uint>(seed =>
    {
        var random = new SplitMix64(seed);
        var sampler = new KeySampler();
        for (var i = 0; i < (int)(seed % 4) * 1_500; i++) sampler.Add(Hash((int)(random.NextUnit() * 3_000)), random.NextUnit() < 0.1);
        var sample = new KeySample(sampler.Read());
        using var stream = new MemoryStream();
        sample.Write(new(stream));
        Assert.InRange(stream.Length, 1, 18_000);
        stream.Position = 0;
        var read = KeySample.Read(new(stream));
        Assert.Equal(sample, read);
        Assert.Equal(sampler.DesignEffect(), new KeySampler(read.Places).DesignEffect());
    }).QuickCheckThrowOnFailure();

    [Fact]
    public void However_the_requests_are_spread_over_processes_the_sample_is_the_same() => Prop.ForAll<uint>(seed =>
    {
        var random = new SplitMix64(seed);
        var (one, nodes) = (new KeySampler(), new[] { new KeySampler(), new KeySampler(), new KeySampler() });
        for (var i = 0; i < 4_000; i++)
        {
            var (hash, isFailure) = (Hash((int)(random.NextUnit() * 3_000)), random.NextUnit() < 0.1);
            one.Add(hash, isFailure);
            nodes[(int)(random.NextUnit() * nodes.Length)].Add(hash, isFailure);
        }
        var (first, second, third, whole) = (new KeySample(nodes[0].Read()), new KeySample(nodes[1].Read()), new KeySample(nodes[2].Read()), new KeySample(one.Read()));
        Assert.Equal(whole, first.Merge(second).Merge(third));
        Assert.Equal(whole, third.Merge(first.Merge(second)));
        Assert.Equal(whole, KeySample.Empty.Merge(whole).Merge(KeySample.Empty));
        Assert.Equal(whole.DesignEffect, second.Merge(third.Merge(first)).DesignEffect);
    }).QuickCheckThrowOnFailure();

    [Fact]
    public void A_key_that_asks_for_ever_is_counted_up_to_a_bound_and_nothing_is_allocated_for_it()
    {
        var sampler = new KeySampler();
        sampler.Add(Hash(1), isFailure: true);
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 100_000; i++) sampler.Add(0x9E3779B97F4A7C15, isFailure: i % 2 == 0);
        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
        Assert.Contains(sampler.Read(), bits => new SampledKey(bits) is { Requests: ushort.MaxValue, Failures: 32_768 });
    }

    private static ulong Hash(int key) => StickyHash.Hash($"user-{key}", salt: 7);
}
