using AgentCanary.Control;
using AgentCanary.Routing;
using AgentCanary.Spec;

namespace AgentCanary.Planning;

/// <summary>What must hold before any figure is evidence, through a whole rollout.</summary>
public sealed class ConditionsTests
{
    private static readonly Check Relative = Check.Parse("error_rate_increase < 0.10");
    private static readonly Weight Five = Weight.FromPercent(5);

    private static RolloutSpec Spec(AnalysisMode mode = AnalysisMode.Sequential, params Check[] checks) => new()
    {
        Agent = "support-agent",
        Stable = new("v1"),
        Canary = new("v2"),
        Stages = [new(Five) { Name = "initial", BakeTime = TimeSpan.FromSeconds(60), Checks = [.. checks] }, new(Weight.Full) { Name = "full" }],
        Analysis = new() { Mode = mode },
    };

    [Theory]
    [InlineData(AnalysisMode.Sequential), InlineData(AnalysisMode.Point)]
    public void A_canary_with_more_users_than_its_share_is_held_and_people_are_told_once(AnalysisMode mode)
    {
        var trial = new Trial(Spec(mode, Check.Parse("error_rate_delta < 0.2")), TimeSpan.FromSeconds(1));
        var plan = PlanCompiler.Compile(trial.State);
        // A proxy in front keeps every second of stable's users to itself: 9.5 % of those who come are on the canary.
        var events = Serve(trial, seconds: 120, user => Router.Route(plan, user).Variant is Variant.Canary || user[^1] % 2 == 0).ToList();

        Assert.Equal((Phase.Progressing, 0), (trial.State.Phase, trial.State.Stage));
        var told = Assert.Single(events);
        Assert.Equal("alert", told.Type);
        Assert.Matches("^routing or logging is broken: (8|9|10|11)(\\.[0-9]+)? % of [0-9,]+ users are on canary where 5 % should be$", told.Reason);
        Assert.Equal(Alert.Share, Assert.Single(trial.State.Told));
    }

    [Fact]
    public void A_fair_share_is_promoted()
    {
        var trial = new Trial(Spec(AnalysisMode.Point, Check.Parse("error_rate_delta < 0.2")), TimeSpan.FromSeconds(1));
        Assert.DoesNotContain(Serve(trial, seconds: 200, _ => true), @event => @event.Type == "alert");
        Assert.Equal(Phase.Completed, trial.State.Phase);
    }

    [Fact]
    public void Requests_without_a_key_and_conversations_that_belong_to_a_version_say_nothing_of_the_share()
    {
        var trial = new Trial(Spec(AnalysisMode.Point, Check.Parse("error_rate_delta < 0.2")), TimeSpan.FromSeconds(1));
        var (reasons, events) = (new HashSet<AssignmentReason>(), new List<RolloutEvent>());
        for (var second = 0; second < 30; second++)
        {
            for (var i = 0; i < 40; i++)
            {
                // Three of four would be on the canary.
                RouteRequest[] requests =
                [
                    new($"user-{second}-{i}"),
                    new($"conversation-{second}-{i}") { Pinned = Variant.Canary, IsCompared = true },
                    new($"forced-{second}-{i}") { Forced = Variant.Canary },
                    new(Key: null) { Draw = 0 },
                ];
                foreach (var request in requests)
                {
                    var assignment = trial.Assign(request);
                    reasons.Add(assignment.Reason);
                    trial.Record(assignment, new() { Latency = TimeSpan.FromMilliseconds(100) });
                }
            }
            if (trial.Judge(TimeSpan.FromSeconds(second + 1)).Change is { } change) events.Add(change.Event);
        }
        Assert.Superset(new HashSet<AssignmentReason> { AssignmentReason.Split, AssignmentReason.Pinned, AssignmentReason.Forced, AssignmentReason.Unkeyed }, reasons);
        Assert.InRange(trial.Evidence.Keys.Canary + trial.Evidence.Keys.Control, 1_180, 1_200);
        Assert.InRange(trial.Evidence.Keys.Canary, 25, 100);
        Assert.Empty(events);
    }

    [Fact]
    public void Arms_that_a_recording_tells_are_judged_whatever_share_they_have()
    {
        var trial = new Trial(Spec(AnalysisMode.Point, Check.Parse("error_rate_delta < 0.2")), TimeSpan.FromSeconds(1));
        for (var second = 0; second < 200; second++)
        {
            foreach (var arm in new[] { Arm.Canary, Arm.Control })
            {
                for (var i = 0; i < 5; i++) trial.Record(trial.Begin(arm, $"user-{arm}-{second}-{i}"), new() { Latency = TimeSpan.FromMilliseconds(100) });
            }
            trial.Judge(TimeSpan.FromSeconds(second + 1));
        }
        Assert.Equal(Phase.Completed, trial.State.Phase);
    }

    [Theory]
    [InlineData(AnalysisMode.Sequential), InlineData(AnalysisMode.Point)]
    public void A_canary_that_fails_while_it_is_cold_is_judged_by_what_it_does_when_it_is_warm(AnalysisMode mode)
    {
        // Every fourth of its requests fails and takes long: not ten in a row.
        Assert.Equal(Phase.RolledBack, Cold(warmUpSeconds: 0).State.Phase);
        var warmed = Cold(warmUpSeconds: 30);
        Assert.Equal(Phase.Completed, warmed.State.Phase);

        Trial Cold(int warmUpSeconds)
        {
            var spec = Spec(mode, [Check.Parse("error_rate_delta < 0.1"), .. mode is AnalysisMode.Point ? [Check.Parse("p95_latency_increase < 0.5")] : Array.Empty<Check>()]);
            var trial = new Trial(spec with { Analysis = spec.Analysis with { WarmUp = TimeSpan.FromSeconds(warmUpSeconds) } }, TimeSpan.FromSeconds(1));
            for (var (second, canary) = (0, 0); second < 600 && !trial.State.IsTerminal; second++)
            {
                for (var i = 0; i < 60; i++)
                {
                    var assignment = trial.Assign(new($"user-{second}-{i}"));
                    var isCold = assignment.Arm is Arm.Canary && second < 30 && canary++ % 4 == 0;
                    trial.Record(assignment, new() { Class = isCold ? OutcomeClass.ErrorUpstream : OutcomeClass.Ok, Latency = TimeSpan.FromMilliseconds(isCold ? 900 : 100 + i) });
                }
                var (decision, _, _) = trial.Judge(TimeSpan.FromSeconds(second + 1));
                if (second == 10 && warmUpSeconds > 0) Assert.Equal("the versions warm up: what starts in the next 19 s is no evidence", decision.Reason);
            }
            return trial;
        }
    }

    [Fact]
    public void A_cold_canary_that_fails_every_request_is_rolled_back_all_the_same()
    {
        var trial = new Trial(Spec() with { Analysis = new() { WarmUp = TimeSpan.FromMinutes(10) } }, TimeSpan.FromSeconds(1));
        for (var second = 0; second < 60 && !trial.State.IsTerminal; second++)
        {
            for (var i = 0; i < 60; i++)
            {
                var assignment = trial.Assign(new($"user-{second}-{i}"));
                trial.Record(assignment, new() { Class = assignment.Arm is Arm.Canary ? OutcomeClass.ErrorUpstream : OutcomeClass.Ok });
            }
            trial.Judge(TimeSpan.FromSeconds(second + 1));
        }
        Assert.Equal(Phase.RolledBack, trial.State.Phase);
    }

    [Fact]
    public void An_incident_in_which_a_fifth_of_all_requests_fails_rolls_no_equal_canary_back_and_proves_nothing_sooner()
    {
        var calm = Enumerable.Range(0, 30).Select(run => Through(run, 0.01, 0.01, seconds: 900)).ToList();
        var incident = Enumerable.Range(0, 30).Select(run => Through(run, 0.2, 0.2, seconds: 900)).ToList();
        Assert.InRange(incident.Count(run => run.Phase is Phase.RolledBack), 0, 1);
        Assert.All(calm, run => Assert.Equal(Phase.Completed, run.Phase));
        Assert.True(incident.Average(run => run.Second) > 2 * calm.Average(run => run.Second), "an outage must not be taken for proof");
    }

    [Fact]
    public void While_both_versions_fail_altogether_nothing_is_rolled_back_and_nothing_promoted_and_then_the_rollout_goes_on()
    {
        Assert.Equal(Phase.Progressing, Through(run: 1, stableErrors: 1, canaryErrors: 1, seconds: 600).Phase);
        Assert.Equal(Phase.Completed, Through(run: 1, stableErrors: 1, canaryErrors: 1, seconds: 900, calmFrom: 100, Relative).Phase);
        Assert.Equal(Phase.Progressing, Through(run: 1, stableErrors: 1, canaryErrors: 1, seconds: 900, calmFrom: 100).Phase); // its own bound is not shown to be kept
    }

    [Theory]
    [InlineData("success_rate >= 0.95", 0.1), InlineData("score.quality > 0.5", 0.7)]
    public void A_bound_that_the_canary_alone_breaks_rolls_it_back(string check, double canaryErrors)
    {
        var (phase, second) = Through(run: 1, stableErrors: 0.01, canaryErrors, seconds: 900, checks: Check.Parse(check));
        Assert.Equal(Phase.RolledBack, phase);
        Assert.InRange(second, 1, 600);
    }

    // A rollout of two stages on 40 requests a second of users of their own; errors come down to 1 % from a second on.
    private static (Phase Phase, int Second) Through(int run, double stableErrors, double canaryErrors, int seconds, int calmFrom = int.MaxValue, params Check[] checks)
    {
        var trial = new Trial(Spec(AnalysisMode.Sequential, checks.Length > 0 ? checks : [Relative, Check.Parse("success_rate >= 0.95")]), TimeSpan.FromSeconds(1), pepper: (ulong)run + 1);
        var random = new SplitMix64(SplitMix64.SeedOf(3, run));
        for (var second = 0; second < seconds; second++)
        {
            for (var i = 0; i < 40; i++)
            {
                var assignment = trial.Assign(new($"user-{second}-{i}"));
                var rate = second >= calmFrom ? 0.01 : assignment.Arm is Arm.Canary ? canaryErrors : stableErrors;
                var failed = random.NextUnit() < rate;
                trial.Record(assignment, new() { Class = failed ? OutcomeClass.ErrorUpstream : OutcomeClass.Ok, Latency = TimeSpan.FromMilliseconds(100), Scores = [new("quality", failed ? 0 : 1)] });
            }
            trial.Judge(TimeSpan.FromSeconds(second + 1));
            if (trial.State.IsTerminal) return (trial.State.Phase, second);
        }
        return (trial.State.Phase, seconds);
    }

    private static IEnumerable<RolloutEvent> Serve(Trial trial, int seconds, Func<string, bool> comes)
    {
        for (var second = 0; second < seconds; second++)
        {
            for (var i = 0; i < 40; i++)
            {
                if (!comes($"user-{second}-{i}")) continue;
                trial.Record(trial.Assign(new($"user-{second}-{i}")), new() { Latency = TimeSpan.FromMilliseconds(500) });
            }
            if (trial.Judge(TimeSpan.FromSeconds(second + 1)).Change is { } change) yield return change.Event;
        }
    }
}
