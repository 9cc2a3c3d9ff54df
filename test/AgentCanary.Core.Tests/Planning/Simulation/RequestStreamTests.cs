using AgentCanary.Planning.Simulation;
using AgentCanary.Routing;

namespace AgentCanary.Core.Tests.Planning.Simulation;

public class RequestStreamTests
{
    [Fact]
    public void Requests_come_at_the_rate_and_at_random()
    {
        var stream = Stream(SomeWorld.Of(perSecond: 50));
        var bySecond = new int[1000];
        for (var request = stream.Take(); request.At < bySecond.Length; request = stream.Take()) bySecond[(int)request.At]++;
        var mean = bySecond.Average();
        Assert.InRange(mean, 49, 51);
        // A Poisson process varies by its mean.
        Assert.InRange(bySecond.Average(count => (count - mean) * (count - mean)), 40, 60);
    }

    [Fact]
    public void The_same_seed_gives_the_same_requests_and_another_one_gives_others()
    {
        var world = SomeWorld.Of(users: 100, both: "icc=0.1");
        Assert.Equal(Take(Stream(world), 1000), Take(Stream(world), 1000));
        Assert.NotEqual(Take(Stream(world), 10), Take(Stream(world, seed: 2), 10));
    }

    [Fact]
    public void Users_ask_again_with_the_key_that_the_router_would_hash()
    {
        var requests = Take(Stream(SomeWorld.Of(users: 10)), 1000);
        Assert.Equal(10, requests.DistinctBy(request => request.KeyHash).Count());
        var known = Enumerable.Range(0, 10).Select(user => (uint)(StickyHash.Hash($"user-{user}", 99) >> 32)).ToHashSet();
        Assert.All(requests, request => Assert.Contains(request.Bucket, known));
        Assert.All(requests.GroupBy(request => request.KeyHash), user => Assert.Single(user.DistinctBy(request => (request.Bucket, request.Slice))));
    }

    [Fact]
    public void Keys_are_made_only_where_they_are_asked_for()
    {
        Assert.All(Take(Stream(SomeWorld.Of()), 10), request => Assert.Equal(0UL, request.KeyHash));
        Assert.Equal(1000, Take(new(SomeWorld.Of(), 1, 99, isMd5: false, isKeyed: true), 1000).DistinctBy(request => request.KeyHash).Count());
    }

    private static MadeRequest[] Take(RequestStream stream, int count) => [.. Enumerable.Range(0, count).Select(_ => stream.Take())];

    private static RequestStream Stream(World world, ulong seed = 1) => new(world, seed, salt: 99, isMd5: false, isKeyed: false);
}
