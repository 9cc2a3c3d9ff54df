using AgentCanary.Control;
using AgentCanary.Spec;
using FsCheck;
using FsCheck.Fluent;

namespace AgentCanary.Core.Tests.Control;

/// <summary>Scores that come after their answers count for the stage that served: against the canary always, for it only while that stage serves.</summary>
public sealed class ReportedScoreTests
{
    private const string Check = "score.quality_delta > -0.1";

    public static TheoryData<AnalysisMode> Modes => [AnalysisMode.Point, AnalysisMode.Sequential];

    [Theory, MemberData(nameof(Modes))]
    public void Bad_scores_of_a_stage_that_was_left_roll_the_running_rollout_back_and_say_so(AnalysisMode mode)
    {
        var world = new ReportedWorld(mode, Check, "error_rate_delta < 0.5");
        world.Serve(200);
        world.Promote();
        Assert.Equal(1, world.State.Stage);
        Assert.NotEqual(Phase.RolledBack, world.Judge().Phase);

        world.Report(stage: 0, count: 60, canary: 0.1, control: 0.9);

        Assert.Equal(Phase.RolledBack, world.Judge().Phase);
        Assert.Contains("quality", world.State.Reason, StringComparison.Ordinal);
        Assert.Contains(mode is AnalysisMode.Point ? "of stage 'first', which was left" : "60 canary scores of stages that were left came later", world.State.Reason, StringComparison.Ordinal);
    }

    [Theory, MemberData(nameof(Modes))]
    public void Good_scores_of_a_stage_that_was_left_promote_nobody(AnalysisMode mode)
    {
        var world = new ReportedWorld(mode, Check);
        world.Serve(200);
        world.Promote();
        world.Serve(200);
        world.Report(stage: 0, count: 5_000, canary: 0.9, control: 0.5);
        Assert.Equal((1, Phase.Progressing), (world.Judge(hours: 5).Stage, world.State.Phase));

        world.Report(stage: 1, count: 1_000, canary: 0.9, control: 0.5);
        Assert.Equal(2, world.Judge(hours: 5).Stage);
    }

    [Fact]
    public void Whatever_is_reported_of_a_stage_that_was_left_the_evidence_for_a_promotion_stays_to_the_bit() => Prop.ForAll(
        ArbMap.Default.ArbFor<(bool IsCanary, byte Score)[]>(), reports =>
        {
            var world = new ReportedWorld(AnalysisMode.Sequential, Check, "score.quality >= 0.5", "task_completion >= 0.8");
            world.Serve(50);
            world.Report(stage: 0, count: 20, canary: 0.7, control: 0.7);
            world.Judge();
            world.Promote();
            var before = Promotions(world.Run.Evidence);
            foreach (var (isCanary, score) in reports)
            {
                world.Report(0, isCanary ? Arm.Canary : Arm.Control, "quality", score / 255.0);
                world.Report(0, isCanary ? Arm.Canary : Arm.Control, "task_completion", score / 255.0);
            }
            world.Run.Analyze(world.Now);
            return before.SequenceEqual(Promotions(world.Run.Evidence));
        }).QuickCheckThrowOnFailure();

    [Theory, MemberData(nameof(Modes))]
    public void Nothing_reported_is_lost_or_doubled_by_a_restart(AnalysisMode mode)
    {
        var (world, restarted) = (new ReportedWorld(mode, Check, "task_completion >= 0.2"), new ReportedWorld(mode, Check, "task_completion >= 0.2"));
        foreach (var each in (ReportedWorld[])[world, restarted])
        {
            each.Serve(100);
            each.Promote();
            for (var i = 0; i < 30; i++)
            {
                each.Report(stage: i % 2, count: 3, canary: 0.6 + (0.01 * (i % 7)), control: 0.6);
                each.Judge();
                if (ReferenceEquals(each, restarted)) each.Restart();
            }
        }
        Assert.Equal(world.Run.Evidence.Sequential, restarted.Run.Evidence.Sequential);
        Assert.True(world.Run.Evidence.Left.SequenceEqual(restarted.Run.Evidence.Left));
        Assert.Equal(world.Run.Evidence.Canary.Score("quality"), restarted.Run.Evidence.Canary.Score("quality"));
        Assert.Equal(45, Assert.Single(world.Run.Evidence.Left).Canary.Score("quality")!.Value.Count);
    }

    [Theory, MemberData(nameof(Modes))]
    public void After_completion_bad_scores_are_told_once_and_change_nothing(AnalysisMode mode)
    {
        var world = new ReportedWorld(mode, Check);
        world.Serve(200);
        world.Promote(full: true);
        var (ended, plan) = (world.State, world.Run.Plan);
        Assert.Equal(Phase.Completed, ended.Phase);
        world.Report(stage: 0, count: 60, canary: 0.1, control: 0.9);

        world.Judge();
        world.Judge();

        Assert.Equal(ended with { Revision = ended.Revision + 1 }, world.State with { Told = ended.Told });
        Assert.Equal(Alert.LateRegression, Assert.Single(world.State.Told));
        Assert.Equal(plan with { Revision = plan.Revision + 1 }, world.Run.Plan);
        var alert = Assert.Single(world.Events, written => written.Type == "alert");
        Assert.Contains("speaks against 'v2', which serves everybody", alert.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void After_completion_good_scores_are_not_worth_an_event()
    {
        var world = new ReportedWorld(AnalysisMode.Sequential, Check);
        world.Serve(200);
        world.Promote(full: true);
        world.Report(stage: 0, count: 60, canary: 0.9, control: 0.9);
        world.Judge();
        Assert.DoesNotContain(world.Events, written => written.Type == "alert");
    }

    [Fact]
    public void A_new_attempt_knows_nothing_of_what_was_reported_before()
    {
        var world = new ReportedWorld(AnalysisMode.Sequential, Check);
        world.Serve(200);
        world.Promote();
        world.Report(stage: 0, count: 60, canary: 0.1, control: 0.9);
        world.Judge();
        world.Command(new RolloutCommand.Retry());
        Assert.Empty(world.Run.Evidence.Left);
        Assert.All(world.Run.Evidence.Sequential!.Checks, check => Assert.Equal(default, check.All));
    }

    [Fact]
    public void Users_who_complain_sooner_than_others_praise_roll_no_equal_canary_back_more_often_than_alpha_says()
    {
        const int runs = 200;
        const double alpha = 0.05;
        var rolledBack = Enumerable.Range(0, runs).Count(run => Impatient(new Random(run), alpha));
        // Three standard deviations above α.
        Assert.InRange(rolledBack, 0, (runs * alpha) + (3 * Math.Sqrt(runs * alpha * (1 - alpha))));
    }

    // Ten requests a second for a hundred seconds in each of two stages; the worse a score, the sooner it comes.
    private static bool Impatient(Random random, double alpha)
    {
        var world = new ReportedWorld(AnalysisMode.Sequential, alpha, Check.Replace("0.1", "0", StringComparison.Ordinal));
        var waiting = new PriorityQueue<(int Stage, Arm Arm, double Score), double>();
        for (var second = 0; second < 400 && world.State.Phase is Phase.Progressing; second++)
        {
            if (second == 100) world.Promote();
            for (var i = 0; i < 10 && second < 200; i++)
            {
                var score = random.NextDouble();
                waiting.Enqueue((second / 100, random.NextDouble() < (second < 100 ? 0.2 : 0.5) ? Arm.Canary : Arm.Control, score), second + (score * 150 * random.NextDouble()));
            }
            while (waiting.TryPeek(out var next, out var at) && at <= second)
            {
                world.Report(next.Stage, next.Arm, "quality", next.Score);
                waiting.Dequeue();
            }
            world.Judge();
        }
        return world.State.Phase is Phase.RolledBack;
    }

    private static IEnumerable<double> Promotions(Evidence evidence) =>
        evidence.Sequential!.Checks.SelectMany(check => check.Tracks).SelectMany(track => track.Promotions).SelectMany(test => (double[])[test.LogE, test.LogMax])
            .Concat(evidence.Sequential.Checks.SelectMany(check => (double[])[check.Total.CanaryCount, check.Total.CanaryBad]));
}
