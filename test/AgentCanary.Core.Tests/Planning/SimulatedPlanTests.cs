using AgentCanary.Core.Tests.Planning.Simulation;
using AgentCanary.Planning.Simulation;

namespace AgentCanary.Core.Tests.Planning;

/// <summary>A plan against simulated rollouts of the same file: every request routed, recorded and judged.</summary>
public class SimulatedPlanTests
{
    private static readonly Stage[] Stages = [Plans.Stage(5, "error_rate_increase < 0.10", "p95_latency_increase < 0.5"), Plans.Stage(25, "error_rate_increase < 0.10")];

    [Fact]
    public void An_equal_canary_takes_the_planned_time_to_the_end()
    {
        var planned = Plans.Spec(Stages).Plan(perSecond: 5, baseline: "error_rate=0.02,p95_latency=800ms").Seconds;
        var seconds = Simulated(canaryErrors: 0.02).Select(run => run.Time.TotalSeconds).ToArray();
        Plans.Near(seconds.Average(), planned.Mean, 0.3);
    }

    [Fact]
    public void A_bad_canary_costs_the_planned_requests()
    {
        var planned = Plans.Spec(Stages).Plan(perSecond: 5, baseline: "error_rate=0.02,p95_latency=800ms").Stages[0].BadCanaries.Single(canary => canary.ErrorRate == 0.1);
        var runs = Simulated(canaryErrors: 0.1);
        Assert.All(runs, run => Assert.Equal(Phase.RolledBack, run.Phase));
        Plans.Near(runs.Average(run => run.CanaryRequests), planned.Requests.Mean, 0.3);
        Plans.Near(runs.Average(run => run.CanaryFailures), planned.Failed.Mean, 0.3);
    }

    private static SimulatedRun[] Simulated(double canaryErrors) =>
        [.. SomeWorld.Run(SomeWorld.Of(5, "error_rate=0.02,p95_latency=800ms", $"error_rate={canaryErrors}"), Plans.Spec(Stages), TimeSpan.FromDays(2), runs: 40)];
}
