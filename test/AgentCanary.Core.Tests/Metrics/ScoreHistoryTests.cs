using AgentCanary.Metrics;
using AgentCanary.Planning;
using AgentCanary.Planning.Simulation;
using AgentCanary.Routing;

namespace AgentCanary.Core.Tests.Metrics;

public sealed class ScoreHistoryTests
{
    private const string Quality = "quality";

    [Theory]
    [InlineData(0.1, 0.1, 1), InlineData(0.2, 0.1, 0.25), InlineData(0.05, 0.1, 4)]
    public void A_key_is_expected_to_be_as_far_from_the_mean_as_chance_does_not_explain(double between, double within, double noise)
    {
        var (random, meter, all) = (new SplitMix64(1), new ScoreHistoryMeter([Quality], []), new List<double>());
        var users = Enumerable.Range(0, 500).Select(_ => 3 + (between * Draws.Normal(random))).ToArray();
        var sums = new double[users.Length];
        for (var i = 0; i < 20 * users.Length; i++)
        {
            var score = users[i % users.Length] + (within * Draws.Normal(random));
            meter.Add(Hash(i % users.Length), new(Quality, score));
            sums[i % users.Length] += score;
            all.Add(score);
        }
        var history = Assert.Single(meter.Read()).Settled(Moments(all));
        Assert.InRange(history.Noise, noise * 0.8, noise * 1.25);
        // Some keys meet in a place; the others are known to the last hundredth.
        var known = Enumerable.Range(0, users.Length).Where(user => history.Expected(Hash(user)) != 0).ToList();
        Assert.InRange(known.Count, 400, 500);
        var right = known.Count(user => Math.Abs((history.Expected(Hash(user)) / 1e6) - (((sums[user] / 20) - history.Mean) * 20 / (20 + history.Noise))) < 0.01);
        Assert.True(right >= known.Count * 0.9, $"{right} of {known.Count}");
    }

    [Fact]
    public void Where_users_come_once_or_do_not_differ_nothing_is_expected_of_anybody()
    {
        var (random, once, alike, scores) = (new SplitMix64(2), new ScoreHistoryMeter([Quality], []), new ScoreHistoryMeter([Quality], []), new List<double>());
        for (var i = 0; i < 4_000; i++)
        {
            scores.Add(random.NextUnit());
            once.Add(Hash(i), new(Quality, scores[i]));
            alike.Add(Hash(i % 100), new(Quality, scores[i]));
        }
        var unknown = Assert.Single(once.Read()).Settled(Moments(scores));
        Assert.Equal(0, Enumerable.Range(0, 4_000).Max(user => Math.Abs(unknown.Expected(Hash(user)))));
        Assert.Empty(unknown.Places);
        var same = Assert.Single(alike.Read()).Settled(Moments(scores));
        Assert.InRange(Enumerable.Range(0, 100).Max(user => Math.Abs(same.Expected(Hash(user)))), 0, 50_000);
    }

    [Fact]
    public void Nothing_is_expected_before_it_is_settled_of_an_unknown_key_or_without_one()
    {
        var meter = new ScoreHistoryMeter([Quality], []);
        for (var i = 0; i < 2_000; i++) meter.Add(Hash(i % 10), new(Quality, i % 10 / 10.0));
        var gathered = Assert.Single(meter.Read());
        Assert.Equal(0, gathered.Expected(Hash(1)));
        var settled = gathered.Settled(new(2_000, 0.45, 0.0825));
        Assert.NotEqual(0, settled.Expected(Hash(1)));
        Assert.Equal((0L, 0L), (settled.Expected(0), settled.Expected(Hash(12_345))));
        Assert.Same(settled, settled.Settled(new(5_000, 0.9, 0.1)));
        Assert.Equal(0, gathered.Settled(null).Expected(Hash(1)));
    }

    [Fact]
    public void Who_asks_most_is_kept_where_more_keys_come_than_there_are_places()
    {
        var (random, meter) = (new SplitMix64(3), new ScoreHistoryMeter([Quality], []));
        for (var i = 0; i < 200_000; i++)
        {
            var user = random.NextUnit() < 0.5 ? (int)(random.NextUnit() * 500) : 500 + (int)(random.NextUnit() * 50_000);
            meter.Add(Hash(user), new(Quality, user < 500 ? 0.2 : 0.8));
        }
        var history = Assert.Single(meter.Read()).Settled(new(200_000, 0.5, 0.09));
        Assert.InRange(Enumerable.Range(0, 500).Count(user => history.Expected(Hash(user)) < -100_000), 450, 500);
    }

    [Fact]
    public void What_is_kept_is_read_back_to_the_bit_and_damage_is_named()
    {
        var meter = new ScoreHistoryMeter([Quality, "tone"], []);
        for (var i = 0; i < 5_000; i++) meter.Add(Hash(i % 900), new(i % 3 == 0 ? "tone" : Quality, i % 7));
        foreach (var history in meter.Read().Select(gathered => gathered).Concat(meter.Read().Select(gathered => gathered.Settled(new(5_000, 3, 4)))))
        {
            using var stream = new MemoryStream();
            history.Write(new(stream));
            stream.Position = 0;
            Assert.Equal(history, ScoreHistory.Read(new(stream)));
            Assert.InRange(stream.Length, 1, 42_000);
        }
        Assert.Equal(meter.Read().AsEnumerable(), new ScoreHistoryMeter([Quality, "tone"], meter.Read()).Read());
        Assert.Contains("its row is damaged", Assert.Throws<InvalidDataException>(() => ScoreHistory.Read(new(new MemoryStream([1, 65, .. new byte[16], 1, 0xFF, 0xFF, 0x7F, 0, 0, 0, 0])))).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_score_is_counted_less_what_is_expected_and_as_it_came_whoever_of_several_nodes_counts_it()
    {
        var meter = new ScoreHistoryMeter([Quality], []);
        for (var i = 0; i < 2_000; i++) meter.Add(Hash(i % 10), new(Quality, (i % 10 / 10.0) + (i / 10 % 2 * 0.1)));
        var history = meter.Read()[0].Settled(new(2_000, 0.5, 0.085));
        long[] cuts = [.. Enumerable.Range(1, 100).Select(i => (i * 10_000L) - 5_000)];
        var plan = new BinPlan([(Quantity.Adjusted(Quality), Bins.Of(cuts), Bins.Of(cuts)), (Quantity.Score(Quality), Bins.Of(cuts), Bins.Of(cuts))]);
        OutcomeRecorder[] nodes = [.. Enumerable.Range(0, 4).Select(_ => new OutcomeRecorder(new() { ScoreNames = ["tone", Quality], Bins = plan, Histories = [history] }, firstTick: 1))];
        for (var i = 0; i < 600; i++)
        {
            // A user's own score and its expectation leave the mean of all, up to the noise that was settled.
            var outcome = new Outcome { Scores = [new(Quality, i % 10 / 10.0)] };
            foreach (var node in (ReadOnlySpan<OutcomeRecorder>)[nodes[0], nodes[1 + (i % 3)]]) node.Record(Arm.Control, node.Start(Arm.Control), Hash(i % 10), outcome);
        }
        TickTally[] tallies = [.. nodes.Select(node => Assert.Single(node.Take(3)))];
        Assert.Equal(tallies[0], tallies[3].Merge(tallies[1].Merge(tallies[2])));
        var (raw, adjusted) = (tallies[0].ControlBins[Quantity.Score(Quality)]!.Over(cuts), tallies[0].ControlBins[Quantity.Adjusted(Quality)]!.Over(cuts));
        Assert.Equal((600L, 600L), (raw.Total, adjusted.Total));
        Assert.Equal(60, raw[0]); // the worst user's, as they came
        Assert.Equal(0, Enumerable.Range(0, 35).Sum(place => adjusted[place]));
        Assert.Equal(600, Enumerable.Range(35, 21).Sum(place => adjusted[place]));
    }

    [Fact]
    public void Nothing_is_allocated_for_a_score()
    {
        var meter = new ScoreHistoryMeter([Quality], []);
        meter.Add(1, new(Quality, 0.5));
        var history = meter.Read()[0].Settled(new(1_000, 0.5, 0.1));
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 1UL; i < 50_000; i++)
        {
            meter.Add(i * 0x9E3779B97F4A7C15, new(Quality, 0.5));
            history.Expected(i);
        }
        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
    }

    private static ScoreMoments Moments(List<double> scores) => new(scores.Count, scores.Average(), (scores.Sum(score => score * score) - (scores.Count * scores.Average() * scores.Average())) / (scores.Count - 1));

    private static ulong Hash(int key) => StickyHash.Hash($"user-{key}", salt: 9);
}
