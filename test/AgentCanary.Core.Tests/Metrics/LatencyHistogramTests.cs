using AgentCanary.Metrics;

namespace AgentCanary.Core.Tests.Metrics;

public sealed class LatencyHistogramTests
{
    [Theory, InlineData(1, 0.6), InlineData(2, 1.2), InlineData(3, 0.1)]
    public void Quantiles_of_lognormal_latencies_are_within_a_sixteenth_of_the_exact_ones(int seed, double sigma)
    {
        var random = new Random(seed);
        var values = Enumerable.Range(0, 20_000).Select(_ => TimeSpan.FromMilliseconds(800 * Math.Exp(sigma * Normal(random)))).Order().ToList();
        var snapshot = Of([.. values]);

        foreach (var q in new[] { 0, 0.01, 0.25, 0.5, 0.9, 0.95, 0.99, 0.999, 1 })
        {
            var exact = values[Math.Max(1, (int)Math.Ceiling(q * values.Count)) - 1];
            Assert.InRange(snapshot.Quantile(q)!.Value / exact, 1 - 0.0325, 1 + 0.0325); // half of a bucket of 6.25 %, and the µs
        }
        Assert.InRange(snapshot.Mean!.Value.TotalMilliseconds / values.Average(value => value.TotalMilliseconds), 0.9995, 1.0005);
        Assert.Equal(values.Count, snapshot.Count);
    }

    [Fact]
    public void Every_bucket_is_at_most_a_sixteenth_wide_and_begins_where_the_one_before_ends()
    {
        for (var bucket = 1; bucket < LatencyBuckets.Count - 1; bucket++)
        {
            var (from, to) = (LatencyBuckets.LowerEdge(bucket), LatencyBuckets.LowerEdge(bucket + 1));
            Assert.True(to - from <= from * 0.0625, $"bucket {bucket} is {from} to {to} µs");
            Assert.Equal(bucket, LatencyBuckets.Locate(TimeSpan.FromMicroseconds(from), out _));
            Assert.Equal(bucket, LatencyBuckets.Locate(TimeSpan.FromMicroseconds(to) - TimeSpan.FromTicks(1), out var step));
            Assert.InRange(step, 48, 63);
        }
        Assert.InRange(LatencyBuckets.LowerEdge(1), 60, 64);
        Assert.True(TimeSpan.FromMicroseconds(LatencyBuckets.LowerEdge(LatencyBuckets.Count - 1)) > TimeSpan.FromHours(1));
        Assert.Equal(0, LatencyBuckets.Locate(TimeSpan.Zero, out _));
        Assert.Equal(LatencyBuckets.Count - 1, LatencyBuckets.Locate(TimeSpan.MaxValue, out _));
    }

    [Fact]
    public void Minus_leaves_what_came_after_and_refuses_a_stranger()
    {
        var histogram = new LatencyHistogram();
        histogram.Record(TimeSpan.FromMilliseconds(10));
        var before = histogram.Snapshot();
        histogram.Record(TimeSpan.FromSeconds(5));
        histogram.Record(TimeSpan.FromHours(5));

        Assert.Equal(Of(TimeSpan.FromSeconds(5), TimeSpan.FromHours(5)), histogram.Snapshot().Minus(before));
        Assert.Same(LatencySnapshot.Empty.Plus(before), before);
        Assert.Equal(LatencySnapshot.Empty, before.Minus(before));
        Assert.Throws<ArgumentException>(() => before.Minus(Of(TimeSpan.FromMilliseconds(11))));
        Assert.Throws<ArgumentException>(() => LatencySnapshot.Empty.Minus(before));
    }

    [Fact]
    public void Without_values_there_is_no_quantile_and_no_mean_and_a_false_fraction_is_refused()
    {
        Assert.Null(LatencySnapshot.Empty.Quantile(0.5));
        Assert.Null(LatencySnapshot.Empty.Mean);
        Assert.False(new LatencyHistogram().Record(TimeSpan.FromTicks(-1)));
        foreach (var q in new[] { -0.1, 1.1, double.NaN }) Assert.Throws<ArgumentOutOfRangeException>(() => LatencySnapshot.Empty.Quantile(q));
    }

    [Theory, InlineData(1), InlineData(2), InlineData(3), InlineData(8)]
    public void The_number_of_stripes_changes_nothing_but_speed(int stripes)
    {
        var histogram = new LatencyHistogram(stripes);
        var threads = Enumerable.Range(0, 4).Select(_ => new Thread(() =>
        {
            for (var i = 0; i < 50_000; i++) histogram.Record(TimeSpan.FromMicroseconds(i));
        })).ToList();
        threads.ForEach(thread => thread.Start());
        while (threads.Exists(thread => thread.IsAlive)) histogram.Snapshot(); // draining while others write loses nothing
        threads.ForEach(thread => thread.Join());

        var once = Of([.. Enumerable.Range(0, 50_000).Select(i => TimeSpan.FromMicroseconds(i))]);
        Assert.Equal(once.Plus(once).Plus(once.Plus(once)), histogram.Snapshot());
    }

    private static LatencySnapshot Of(params TimeSpan[] values)
    {
        var histogram = new LatencyHistogram();
        foreach (var value in values) Assert.True(histogram.Record(value));
        return histogram.Snapshot();
    }

    private static double Normal(Random random) => Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble());
}
