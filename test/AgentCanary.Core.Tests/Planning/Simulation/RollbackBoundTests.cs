using AgentCanary.Planning;
using AgentCanary.Planning.Simulation;

namespace AgentCanary.Core.Tests.Planning.Simulation;

public class RollbackBoundTests
{
    [Fact]
    public void The_bound_is_walds_on_the_line_of_the_file() => Assert.Equal(
        WaldBound.Requests(new(0.001, 1.1), 0.05, 0.01, 19, 0.01),
        RollbackBound.Requests(SomeWorld.Short, SomeWorld.Of(stable: "error_rate=0.01", canary: "error_rate=0.05"), Weight.FromPercent(5))!.Value, 9);

    [Theory]
    [InlineData("error_rate=0.01", 5)]
    [InlineData("error_rate=0.0119", 5)]
    [InlineData("error_rate=0.05", 100)]
    [InlineData("error_rate=0.05", 0)]
    public void There_is_none_for_a_canary_within_the_line_or_without_a_control(string canary, double percent) =>
        Assert.Null(RollbackBound.Requests(SomeWorld.Short, SomeWorld.Of(stable: "error_rate=0.01", canary: canary), Weight.FromPercent(percent)));

    [Fact]
    public void There_is_none_without_a_check_that_compares_errors() => Assert.Null(RollbackBound.Requests(
        SomeWorld.Short with { Stages = [new(Weight.Full) { Checks = [Check.Parse("error_rate < 0.1")] }] }, SomeWorld.Of(canary: "error_rate=0.05"), Weight.FromPercent(5)));
}
