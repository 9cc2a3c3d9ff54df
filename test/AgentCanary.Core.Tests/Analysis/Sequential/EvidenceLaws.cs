using AgentCanary.Analysis.Sequential;
using AgentCanary.Metrics;

namespace AgentCanary.Core.Tests.Analysis.Sequential;

/// <summary>What evidence may not depend on: who counted, in which order it was put together, and when inside a block something happened.</summary>
public class EvidenceLaws
{
    internal static readonly string[] Checks =
    [
        "error_rate_increase < 0.10", "p95_latency_increase < 0.1", "p99_ttft_increase < 0.2", "p90_latency_delta < 20ms", "p95_latency < 400ms", "mean_latency_increase < 0.2",
        "score.quality_delta > -0.02", "score.quality > 0.6", "user_satisfaction > 3.5", "task_completion_regression < 0.05", "cost_per_request_increase < 0.2", "tokens_per_request < 900",
        "rate_limited_rate_increase < 0.2", "tool_error_rate < 0.1",
    ];

    [Theory, InlineData(1), InlineData(2), InlineData(3)]
    public void Any_partition_of_the_ticks_over_nodes_in_any_order_gives_the_same_bytes(int seed)
    {
        var world = new World(seed, Weight.FromPercent(25), Checks).WithRatios();
        var random = new Random(seed + 100);
        var (nodes, evidence) = (Enumerable.Range(0, 3).Select(_ => world.NewRecorder()).ToList(), SequentialEvidence.Start(world.Terms));
        for (var second = 1; second <= 120; second++)
        {
            world.Second(40, arm =>
            {
                var (outcome, node) = (Drawn(world, arm), nodes[random.Next(nodes.Count)]);
                node.Record(arm, node.Start(arm), 0, outcome);
                return outcome;
            });
            var before = evidence;
            var tallies = nodes.SelectMany(node => node.Take(second + 1)).ToList();
            foreach (var tick in Merged(tallies, random)) evidence = evidence.Add(world.Terms, tick);
            if (!evidence.HasCutsOf(before)) nodes.ForEach(node => node.Use(evidence.Plan(world.Terms)));
        }
        Assert.All(evidence.Calibrations, calibration => Assert.True(calibration.IsDone));
        Assert.All(evidence.Checks.SelectMany(check => check.Tracks).Where(track => track.Rollback is not null), track => Assert.True(track.ClosedCanary > 0));
        Assert.Equal(Convert.ToHexString(Bytes(world.Evidence)), Convert.ToHexString(Bytes(evidence)));
    }

    [Fact]
    public void When_something_happened_inside_a_block_changes_nothing()
    {
        var world = new World(5, Weight.FromPercent(5), "error_rate_increase < 0.10", "score.quality_delta > -0.02");
        for (var i = 0; i < 400; i++) world.Second(20, arm => new() { Class = world.Random.NextDouble() < 0.1 ? OutcomeClass.ErrorUpstream : OutcomeClass.Ok, Scores = [new("quality", world.Random.NextDouble())] });
        var (evidence, open) = (SequentialEvidence.Start(world.Terms), new List<TickTally>());
        var apart = SequentialEvidence.Start(world.Terms);
        foreach (var tick in world.Ticks)
        {
            var before = apart;
            apart = apart.Add(world.Terms, tick);
            open.Add(tick with { Tick = 0 });
            if (apart.Checks[0].Tracks[0].ClosedCanary == before.Checks[0].Tracks[0].ClosedCanary) continue;
            evidence = evidence.Add(world.Terms, open.AsEnumerable().Reverse().Aggregate((sum, part) => sum.Merge(part)));
            open.Clear();
        }
        foreach (var tick in open) evidence = evidence.Add(world.Terms, tick);
        Assert.True(apart.Checks[0].Tracks[0].ClosedCanary > 100);
        Assert.Equal(apart, evidence);
    }

    [Fact]
    public void An_outage_of_both_versions_raises_no_evidence_of_any_check()
    {
        var world = new World(6, Weight.FromPercent(10), [.. Checks.Where(check => Check.Parse(check).Compares)]);
        for (var i = 0; i < 60; i++) world.Second(50, arm => Drawn(world, arm));
        for (var i = 0; i < 30; i++)
        {
            var before = world.Evidence;
            world.Second(50, arm => new() { Class = OutcomeClass.ErrorUpstream });
            foreach (var (now, then) in Rollbacks(world.Evidence).Zip(Rollbacks(before)).Where(pair => pair.First.Restarts == pair.Second.Restarts))
                Assert.True(now.LogE <= then.LogE + 1e-12, $"{then.LogE} grew to {now.LogE}");
        }
    }

    [Fact]
    public void Nodes_that_count_by_older_cuts_make_a_tick_useless_and_never_a_wrong_one()
    {
        var world = new World(8, Weight.FromPercent(25), "p95_latency_increase < 0.1");
        var old = world.NewRecorder();
        for (var i = 0; i < 60; i++) world.Second(50, arm => Drawn(world, arm));
        var evidence = world.Evidence;
        old.Record(Arm.Canary, old.Start(Arm.Canary), 0, Drawn(world, Arm.Canary));
        var behind = Assert.Single(old.Take(2)) with { Tick = world.Ticks[^1].Tick };
        Assert.Equal(evidence.Checks.AsEnumerable(), evidence.Add(world.Terms, world.Ticks[^1].Merge(behind)).Checks);
        Assert.NotEqual(evidence.Checks.AsEnumerable(), evidence.Add(world.Terms, world.Ticks[^1]).Checks);
    }

    [Fact]
    public void What_is_kept_of_a_check_stays_below_one_kilobyte()
    {
        foreach (var check in Checks)
        {
            var world = new World(9, Weight.FromPercent(25), check);
            var most = 0;
            for (var i = 0; i < 60; i++)
            {
                world.Second(200, arm => Drawn(world, arm));
                most = Math.Max(most, Bytes(world.Evidence).Length);
            }
            Assert.InRange(most, 1, 1024);
        }
    }

    internal static Outcome Drawn(World world, Arm arm)
    {
        var slow = arm is Arm.Canary ? 1.05 : 1;
        var latency = TimeSpan.FromMilliseconds(100 * slow * Math.Exp(0.6 * world.Normal()));
        return new()
        {
            Class = world.Random.NextDouble() < 0.9 ? OutcomeClass.Ok : (OutcomeClass)world.Random.Next(13),
            Latency = latency,
            FirstContent = world.Random.NextDouble() < 0.7 ? latency / 4 : null,
            Tokens = world.Random.NextDouble() < 0.9 ? (long)(latency.TotalMilliseconds * 3) : null,
            Cost = latency.TotalMilliseconds * 1e-5,
            Scores = [new("quality", Math.Clamp(0.8 + (0.1 * world.Normal()), 0, 1)), new("user_satisfaction", world.Random.Next(3, 6)), new("task_completion", world.Random.NextDouble() < 0.9 ? 1 : 0)],
        };
    }

    internal static byte[] Bytes(SequentialEvidence evidence)
    {
        using var stream = new MemoryStream();
        using (var writer = new BinaryWriter(stream)) SequentialCodec.Write(writer, evidence);
        return stream.ToArray();
    }

    internal static SequentialEvidence Read(byte[] bytes)
    {
        using var reader = new BinaryReader(new MemoryStream(bytes));
        return SequentialCodec.Read(reader);
    }

    private static IEnumerable<TestState> Rollbacks(SequentialEvidence evidence) => evidence.Checks.SelectMany(check => check.Tracks).Select(track => track.Rollback).OfType<TestState>();

    // The same tick of all nodes, in a random order and grouping.
    private static IEnumerable<TickTally> Merged(List<TickTally> tallies, Random random)
    {
        foreach (var group in tallies.GroupBy(tally => tally.Tick).OrderBy(group => group.Key))
        {
            var parts = group.ToList();
            while (parts.Count > 1)
            {
                var (left, right) = (parts[random.Next(parts.Count)], parts[random.Next(parts.Count)]);
                if (ReferenceEquals(left, right)) continue;
                parts.Remove(left);
                parts.Remove(right);
                parts.Add(left.Merge(right));
            }
            yield return parts[0];
        }
    }
}
