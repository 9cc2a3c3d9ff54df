using FsCheck;
using FsCheck.Fluent;

namespace AgentCanary.Tests;

public sealed class ShadowCountsTests
{
    private readonly ShadowAgent _stable = ShadowAgent.Echo("stable:");

    [Fact]
    public async Task A_hundred_thousand_calls_from_many_threads_are_accounted_for_to_the_last_one()
    {
        const int Threads = 8, CallsEach = 12_500;
        var shadow = new ShadowAgent((request, _) => request.EndsWith('7') ? throw new InvalidOperationException("unlucky") : Task.FromResult(request));
        var deployment = new ShadowDeployment<string, string>(_stable.CallAsync, shadow.CallAsync, (_, _) => { }, new() { QueueCapacity = 64 });
        var torn = 0L;

        await Task.WhenAll(Enumerable.Range(0, Threads).Select(thread => Task.Run(async () =>
        {
            for (var i = 0; i < CallsEach; i++)
            {
                if (await deployment.CallAsync($"{i}") != $"stable:{i}") Interlocked.Increment(ref torn);
                if (deployment.Counts.Pending is < 0 or > Threads * CallsEach) Interlocked.Increment(ref torn);
            }
        })));
        await deployment.DisposeAsync();

        var counts = deployment.Counts;
        Assert.Equal(0, torn);
        Assert.Equal(Threads * CallsEach, counts.Offered);
        Assert.Equal(counts.Offered, counts.Sent + counts.Dropped + counts.Failed + counts.TimedOut);
        Assert.Equal(shadow.Requests.Count, counts.Sent + counts.Failed);
        Assert.Equal(shadow.Requests.Count(request => request.EndsWith('7')), counts.Failed);
        Assert.Equal(0, counts.TimedOut);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(2_000)]
    [InlineData(10_000)]
    public async Task Sampling_offers_the_share_that_the_options_name(int basisPoints)
    {
        const int Calls = 20_000;
        var deployment = new ShadowDeployment<string, string>(
            _stable.CallAsync, ShadowAgent.Echo("").CallAsync, options: new() { SampleRate = new(basisPoints), Random = new Random(1) });

        for (var i = 0; i < Calls; i++) await deployment.CallAsync("hello");
        await deployment.DisposeAsync();

        var share = basisPoints / (double)Weight.Scale;
        var fourSigma = 4 * Math.Sqrt(Calls * share * (1 - share));
        Assert.InRange(deployment.Counts.Offered, (Calls * share) - fourSigma, (Calls * share) + fourSigma);
    }

    [Fact]
    public async Task The_same_draws_choose_the_same_calls()
    {
        Assert.Equal(await OfferedAsync(seed: 7), await OfferedAsync(seed: 7));
        Assert.NotEqual(await OfferedAsync(seed: 7), await OfferedAsync(seed: 8));
    }

    [Fact]
    public void Whatever_becomes_of_the_calls_the_counts_add_up() => Prop.ForAll(
        ArbMap.Default.ArbFor<byte[]>(),
        fates =>
        {
            var counts = RunAsync(fates).GetAwaiter().GetResult();
            return counts.Offered == fates.Length && counts.Pending == 0
                && counts.Failed == fates.Count(fate => fate % 3 == 1)
                && counts.CompareFailed == fates.Count(fate => fate % 3 == 2)
                && counts.Sent == fates.Count(fate => fate % 3 != 1);
        }).QuickCheckThrowOnFailure();

    [Theory]
    [InlineData(0, 1, 1)]
    [InlineData(1_000_001, 1, 1)]
    [InlineData(1, 0, 1)]
    [InlineData(1, 1_025, 1)]
    [InlineData(1, 1, 0)]
    [InlineData(1, 1, 3_600_001)]
    public void An_option_outside_its_range_is_refused_with_its_name_its_value_and_its_range(int queueCapacity, int maxConcurrency, int timeoutMs)
    {
        var options = new ShadowOptions { QueueCapacity = queueCapacity, MaxConcurrency = maxConcurrency, Timeout = TimeSpan.FromMilliseconds(timeoutMs) };
        var thrown = Assert.Throws<ArgumentOutOfRangeException>(
            () => new ShadowDeployment<string, string>(_stable.CallAsync, _stable.CallAsync, options: options));
        Assert.Contains($"{thrown.ParamName} of a shadow is 1 ", thrown.Message, StringComparison.Ordinal);
    }

    private static async Task<ShadowCounts> RunAsync(byte[] fates)
    {
        var shadow = new ShadowDeployment<byte, byte>(
            (fate, _) => Task.FromResult(fate),
            (fate, _) => fate % 3 == 1 ? throw new InvalidOperationException("shadow") : Task.FromResult(fate),
            (fate, _) => _ = fate % 3 == 2 ? throw new InvalidOperationException("compare") : fate,
            new() { QueueCapacity = 1_000 });
        foreach (var fate in fates) await shadow.CallAsync(fate);
        await shadow.DisposeAsync();
        return shadow.Counts;
    }

    private async Task<List<int>> OfferedAsync(int seed)
    {
        var offered = new List<int>();
        await using var deployment = new ShadowDeployment<string, string>(
            _stable.CallAsync, ShadowAgent.Echo("").CallAsync, options: new() { SampleRate = Weight.FromPercent(10), Random = new Random(seed) });
        for (var i = 0; i < 200; i++)
        {
            var before = deployment.Counts.Offered;
            await deployment.CallAsync("hello");
            if (deployment.Counts.Offered > before) offered.Add(i);
        }
        return offered;
    }
}
