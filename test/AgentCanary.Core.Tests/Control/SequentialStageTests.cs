using AgentCanary.Control;
using AgentCanary.Spec;

namespace AgentCanary.Core.Tests.Control;

/// <summary>The sequential tests as a process runs them: the recorder counts by the cuts that the evidence has frozen, across restarts and stages.</summary>
public sealed class SequentialStageTests
{
    private static readonly RolloutSpec Spec = new()
    {
        Agent = "support-agent",
        Stable = new("v1"),
        Canary = new("v2"),
        Stages =
        [
            new(Weight.FromPercent(20)) { Name = "initial", BakeTime = TimeSpan.FromHours(1), Checks = [Check.Parse("p95_latency_increase < 0.1"), Check.Parse("score.quality_delta > -0.1")] },
            new(Weight.Full) { Name = "full" },
        ],
        Analysis = new() { Mode = AnalysisMode.Sequential },
    };

    [Fact]
    public void A_canary_that_is_half_as_slow_again_is_found_and_the_same_is_found_when_the_process_restarts_every_few_seconds()
    {
        var (verdict, second, evidence) = Run(slower: 1.5, restartEvery: int.MaxValue);
        var restarted = Run(slower: 1.5, restartEvery: 7);
        Assert.Equal(Verdict.Fail, verdict);
        Assert.InRange(second, 20, 90); // 62 seconds or so until 1,000 stable answers were seen
        Assert.Equal((verdict, second), (restarted.Verdict, restarted.Second));
        Assert.Equal(evidence.Sequential, restarted.Evidence.Sequential);
    }

    [Fact]
    public void An_equal_canary_is_left_alone() => Assert.NotEqual(Verdict.Fail, Run(slower: 1, restartEvery: 50).Verdict);

    [Fact]
    public void Evidence_of_a_file_with_other_checks_is_begun_anew()
    {
        var evidence = Run(slower: 1, restartEvery: int.MaxValue).Evidence;
        var other = Spec with { Stages = [Spec.Stages[0] with { Checks = [Check.Parse("score.quality_delta > -0.1"), Check.Parse("p95_latency_increase < 0.1")] }, Spec.Stages[1]] };
        var run = StageRun.Begin(Started(other), evidence, TimeSpan.Zero, new());
        Assert.All(run.Evidence.Sequential!.Checks, check => Assert.Equal(default, check.Total));
    }

    private static (Verdict Verdict, int Second, Evidence Evidence) Run(double slower, int restartEvery)
    {
        var (state, random) = (Started(Spec), new Random(5));
        var run = StageRun.Begin(state, null, TimeSpan.Zero, new());
        var verdict = Verdict.Inconclusive;
        var second = 0;
        while (second < 150 && verdict is not Verdict.Fail)
        {
            for (var i = 0; i < 20; i++)
            {
                var assignment = run.Begin(random.Next(5) == 0 ? Arm.Canary : Arm.Control, null);
                var milliseconds = (assignment.Arm is Arm.Canary ? slower : 1) * (50 + (150 * random.NextDouble() * random.NextDouble()));
                run.Record(assignment, new() { Latency = TimeSpan.FromMilliseconds(milliseconds), Scores = [new("quality", random.NextDouble())] });
            }
            verdict = run.Analyze(TimeSpan.FromSeconds(++second)).Verdict;
            if (second % restartEvery == 0) run = StageRun.Begin(state, Evidence.Read(run.Evidence.ToBytes()), TimeSpan.FromSeconds(second), new());
        }
        return (verdict, second, run.Evidence);
    }

    private static RolloutState Started(RolloutSpec spec)
    {
        var created = RolloutMachine.Create(spec, pepper: 0, DateTimeOffset.UnixEpoch).Next;
        return RolloutMachine.After(created, RolloutMachine.Decide(created, analysis: null, new RolloutCommand.Start()), DateTimeOffset.UnixEpoch)!.Next;
    }
}
