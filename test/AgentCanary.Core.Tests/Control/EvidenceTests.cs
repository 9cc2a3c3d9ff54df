using AgentCanary.Control;
using AgentCanary.Planning;
using AgentCanary.Routing;
using AgentCanary.Spec;
using AgentCanary.Testing;

namespace AgentCanary.Core.Tests.Control;

public sealed class EvidenceTests
{
    [Fact]
    public void A_restart_goes_on_with_the_users_that_were_counted_and_with_what_they_showed()
    {
        var run = StageRun.Begin(Rollouts.State(), evidence: null, TimeSpan.Zero, new());
        for (var i = 0; i < 3_000; i++) run.Assign(new($"user-{i}"), new NoAttributes());
        var kept = run.Evidence;
        Assert.Equal(kept.Keys, Evidence.Read(kept.ToBytes()).Keys);

        var resumed = StageRun.Begin(Rollouts.State(), Evidence.Read((kept with { IsShareBroken = true }).ToBytes()), TimeSpan.Zero, new());
        for (var i = 0; i < 3_000; i++) resumed.Assign(new($"user-{i}"), new NoAttributes());
        Assert.Equal(kept.Keys, resumed.Evidence.Keys);
        Assert.Equal(Alert.Share, resumed.Analyze(TimeSpan.FromSeconds(1)).Alert);
    }

    [Fact]
    public void A_restart_goes_on_with_the_design_effect_that_was_seen()
    {
        var run = StageRun.Begin(Sequential(), evidence: null, TimeSpan.Zero, new());
        Serve(run, users: 100, isAlike: true);
        run.Analyze(TimeSpan.FromSeconds(1));
        var effect = run.Evidence.Sequential!.DesignEffect;
        Assert.InRange(effect, 5, 40);
        Serve(run, users: 10, isAlike: false);
        run.Analyze(TimeSpan.FromSeconds(1)); // what came is in no complete tick yet

        var kept = Evidence.Read(run.Evidence.ToBytes());
        Assert.Equal(run.Evidence.Sample, kept.Sample);
        Assert.Equal((effect, effect), (run.Evidence.Sequential.DesignEffect, kept.Sequential!.DesignEffect));
        var resumed = StageRun.Begin(Sequential(), kept, TimeSpan.FromSeconds(2), new());
        var check = resumed.Analyze(TimeSpan.FromSeconds(3)).Checks[0];
        Assert.Equal(effect, check.DesignEffect);
        Assert.Matches(@"; requests of one user are alike, [0-9.]+ count as one\); about [0-9,]+ more", check.Reason);
    }

    [Fact]
    public void Evidence_of_another_form_is_refused_and_the_message_says_which_version_wrote_it()
    {
        var bytes = Evidence.Of(Sequential()).ToBytes();
        var (older, newer) = (bytes.ToArray(), bytes.ToArray());
        (older[0], newer[0]) = ((byte)(bytes[0] - 2), (byte)(bytes[0] + 1)); // the form before this one is read
        Assert.Contains("written by an older version", Assert.Throws<InvalidDataException>(() => Evidence.Read(older)).Message, StringComparison.Ordinal);
        Assert.Contains("written by a newer version", Assert.Throws<InvalidDataException>(() => Evidence.Read(newer)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void By_key_the_first_request_of_each_user_in_a_stage_is_evidence_and_all_are_counted_in_the_totals()
    {
        var run = StageRun.Begin(Sequential(unitIsKey: true), evidence: null, TimeSpan.Zero, new());
        Serve(run, users: 200, isAlike: false);
        for (var i = 0; i < 40; i++) run.Record(run.Assign(new(Key: null), new NoAttributes()), new() { Latency = TimeSpan.FromMilliseconds(1) });
        var check = run.Analyze(TimeSpan.FromSeconds(1)).Checks[0];
        Assert.Equal(200, run.Evidence.Keys.Canary + run.Evidence.Keys.Control);
        Assert.Equal(240, check.CanaryCount + check.ControlCount); // who has no key was drawn alone, and stands alone
        Assert.Equal((200 * 20) + 40, run.Status(Arm.Canary).Requests + run.Status(Arm.Control).Requests);
        Assert.Null(check.DesignEffect);
    }

    [Fact]
    public void What_was_learned_of_each_user_before_the_canary_served_is_settled_as_it_begins_to_and_survives_a_restart()
    {
        var trial = Watched(canaryServes: false);
        var gathered = Assert.Single(trial.Evidence.Histories);
        Assert.True(double.IsNaN(gathered.Noise));
        Assert.Equal(gathered, Assert.Single(Evidence.Read(trial.Evidence.ToBytes()).Histories));
        Assert.All(trial.Evidence.Sequential!.Checks, check => Assert.Equal(default, check.Total)); // nothing is compared yet

        var settled = Assert.Single(Evidence.Read(trial.Evidence.Enter(trial.State with { Stage = 1 }).ToBytes()).Histories);
        Assert.InRange(settled.Noise, 0.1, 1);
        Assert.Equal(settled, Assert.Single((trial.Evidence with { Histories = [settled] }).Enter(trial.State with { Stage = 1 }).Histories));
        Assert.Empty(trial.Evidence.Enter(trial.State with { Attempt = 2 }).Histories);
    }

    [Fact]
    public void Nothing_is_learned_of_users_where_a_canary_served_some_of_them_already()
    {
        var trial = Watched(canaryServes: true);
        Assert.Equal(double.PositiveInfinity, Assert.Single(trial.Evidence.Enter(trial.State with { Stage = 1 }).Histories).Noise);
    }

    [Fact]
    public void Neither_sampling_users_nor_learning_what_they_score_nor_expecting_it_allocates_for_a_request()
    {
        var trial = Watched(canaryServes: false);
        var later = StageRun.Begin(trial.State with { Stage = 1 }, trial.Evidence.Enter(trial.State with { Stage = 1 }), TimeSpan.FromSeconds(2), new());
        Assert.True(Assert.Single(later.Evidence.Histories).IsKnown);
        string[] keys = [.. Enumerable.Range(0, 100).Select(i => $"user-{i}")];
        var outcome = new Outcome { Latency = TimeSpan.FromMilliseconds(1), Scores = [new("quality", 0.5)] };
        Serve();
        var before = GC.GetAllocatedBytesForCurrentThread();
        Serve();
        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);

        void Serve()
        {
            for (var i = 0; i < 20_000; i++)
            {
                trial.Record(trial.Assign(new(keys[i % 100])), outcome);
                later.Record(later.Assign(new(keys[i % 100]), new NoAttributes()), outcome);
            }
        }
    }

    // A stage at 0 % whose users score 0.2 to 0.8, each about the same every time.
    private static Trial Watched(bool canaryServes)
    {
        var check = Check.Parse("score.quality_delta > -0.02");
        var spec = Rollouts.Spec() with { Analysis = new() { Mode = AnalysisMode.Sequential } };
        var trial = new Trial(
            spec with { Stages = [new(Weight.None) { BakeTime = TimeSpan.FromDays(1), Checks = [] }, spec.Stages[0] with { Weight = Weight.FromPercent(50), Checks = [check] }, spec.Stages[^1]] },
            TimeSpan.FromSeconds(1));
        for (var i = 0; i < 4_000; i++)
            trial.Record(trial.Assign(new($"user-{i % 100}")), new() { Latency = TimeSpan.FromMilliseconds(1), Scores = [new("quality", 0.1 + (i % 100 % 7 * 0.1) + (i / 100 % 2 * 0.2))] });
        if (canaryServes) trial.Record(trial.Begin(Arm.Canary, "user-1"), new() { Latency = TimeSpan.FromMilliseconds(1) });
        trial.Judge(TimeSpan.FromSeconds(1));
        return trial;
    }

    private static RolloutState Sequential(bool unitIsKey = false)
    {
        var spec = Rollouts.Spec() with { Analysis = new() { Mode = AnalysisMode.Sequential, UnitIsKey = unitIsKey } };
        var created = RolloutMachine.Create(spec with { Stages = [spec.Stages[0] with { Checks = [Check.Parse("error_rate_delta < 0.05")] }, spec.Stages[1]] }, pepper: 0, DateTimeOffset.UnixEpoch).Next;
        return RolloutMachine.After(created, RolloutMachine.Decide(created, analysis: null, new RolloutCommand.Start()), DateTimeOffset.UnixEpoch)!.Next;
    }

    // Twenty requests of each user; alike means that all of every tenth user's fail.
    private static void Serve(StageRun run, int users, bool isAlike)
    {
        for (var i = 0; i < users * 20; i++)
        {
            var user = i % users;
            var failed = isAlike ? user % 10 == 0 : i % 10 == 0;
            run.Record(run.Assign(new($"user-{user}"), new NoAttributes()), new() { Class = failed ? OutcomeClass.ErrorUpstream : OutcomeClass.Ok, Latency = TimeSpan.FromMilliseconds(1) });
        }
    }

    [Fact]
    public void A_later_stage_counts_its_users_anew()
    {
        var trial = new Trial(Rollouts.Spec(), TimeSpan.FromSeconds(1));
        for (var i = 0; i < 1_000; i++) trial.Assign(new($"user-{i}"));
        Assert.InRange(trial.Evidence.Keys.Canary + trial.Evidence.Keys.Control, 990, 1_000);
        var later = trial.Evidence.Enter(trial.State with { Stage = 1 });
        Assert.Equal((0L, 0L, false), (later.Keys.Canary, later.Keys.Control, later.IsShareBroken));
    }
}
