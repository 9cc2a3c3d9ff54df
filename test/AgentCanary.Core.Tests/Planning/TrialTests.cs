using AgentCanary.Spec;

namespace AgentCanary.Planning;

public sealed class TrialTests
{
    private static readonly RolloutSpec Spec = new()
    {
        Agent = "support-agent",
        Stable = new("v1"),
        Canary = new("v2"),
        Stages =
        [
            new(Weight.FromPercent(20)) { Name = "initial", BakeTime = TimeSpan.FromMinutes(1), Checks = [Check.Parse("error_rate_delta < 0.05")] },
            new(Weight.Full) { Name = "full" },
        ],
        Analysis = new() { Mode = AnalysisMode.Sequential },
    };

    [Fact]
    public void A_canary_without_failures_goes_through_every_stage() => Assert.Equal(Phase.Completed, Run(canaryFails: _ => false).Phase);

    [Fact]
    public void A_canary_that_fails_is_rolled_back_within_a_minute()
    {
        var (phase, seconds) = Run(canaryFails: i => i % 2 == 0);
        Assert.Equal(Phase.RolledBack, phase);
        Assert.InRange(seconds, 1, 60);
    }

    private static (Phase Phase, int Seconds) Run(Func<int, bool> canaryFails)
    {
        var trial = new Trial(Spec, TimeSpan.FromSeconds(1));
        for (var (second, canary) = (0, 0); second < 1200; second++)
        {
            if (trial.State.IsTerminal) return (trial.State.Phase, second);
            for (var i = 0; i < 20; i++)
            {
                var assignment = trial.Assign(new($"user-{second}-{i}"));
                var fails = assignment.Arm is Arm.Canary && canaryFails(canary++);
                trial.Record(assignment, new() { Class = fails ? OutcomeClass.ErrorUpstream : OutcomeClass.Ok, Latency = TimeSpan.FromMilliseconds(500) });
            }
            trial.Judge(TimeSpan.FromSeconds(second + 1));
        }
        return (trial.State.Phase, 1200);
    }
}
