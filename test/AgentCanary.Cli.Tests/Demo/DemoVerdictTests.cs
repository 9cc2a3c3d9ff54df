using AgentCanary.Cli.Demo;

namespace AgentCanary.Cli.Tests.Demo;

public sealed class DemoVerdictTests
{
    [Theory]
    [InlineData("healthy", "Completed", 3, true)]
    [InlineData("healthy", "RolledBack", 0, false)]
    [InlineData("healthy", "Progressing", 2, false)]
    [InlineData("regression", "RolledBack", 0, true)]
    [InlineData("regression", "RolledBack", 2, true)]
    [InlineData("regression", "Completed", 3, false)]
    [InlineData("slow", "RolledBack", 0, true)]
    [InlineData("slow", "Paused", 0, false)]
    [InlineData("flaky", "Progressing", 0, true)]
    [InlineData("flaky", "Paused", 0, true)]
    [InlineData("flaky", "Progressing", 1, false)]
    [InlineData("flaky", "RolledBack", 0, false)]
    [InlineData("flaky", "Completed", 3, false)]
    [InlineData("unsafe", "Completed", 3, false)]
    public void A_demo_passes_when_it_ended_as_its_scenario_says(string scenario, string phase, int stage, bool passes) =>
        Assert.Equal(passes, DemoVerdict.Of(SomeDemo.Result(scenario, SomeDemo.Rollout(phase, stage))).Passed);

    [Theory]
    [InlineData(10.0, 10.4, true)]
    [InlineData(10.0, 11.0, true)]
    [InlineData(10.0, 11.1, false)]
    [InlineData(10.2, 10.1, true)] // the rollback came before the user had read the answer to its end
    public void An_unsafe_version_has_to_go_within_a_second_of_its_first_violation(double seen, double rolledBack, bool passes) =>
        Assert.Equal(passes, DemoVerdict.Of(SomeDemo.Result(
            "unsafe", SomeDemo.Rollout("RolledBack"), new CrowdFigures { FirstWithheld = SomeDemo.Noon.AddSeconds(seen) }, SomeDemo.Event("rolled_back", rolledBack))).Passed);

    [Fact]
    public void An_unsafe_version_rolled_back_without_a_violation_is_not_what_was_asked() =>
        Assert.False(DemoVerdict.Of(SomeDemo.Result("unsafe", SomeDemo.Rollout("RolledBack"), null, SomeDemo.Event("rolled_back", 3))).Passed);

    [Fact]
    public void A_rollback_after_which_the_canary_still_answers_is_none() =>
        Assert.False(DemoVerdict.Of(SomeDemo.Result("regression", SomeDemo.Rollout("RolledBack"), new CrowdFigures { CanaryAfter = 1 })).Passed);

    [Fact]
    public void A_completion_after_which_stable_still_answers_is_none() =>
        Assert.False(DemoVerdict.Of(SomeDemo.Result("healthy", SomeDemo.Rollout("Completed", 3), new CrowdFigures { StableAfter = 1 })).Passed);
}
