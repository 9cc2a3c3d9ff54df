using AgentCanary.Testing;

namespace AgentCanary.Tests;

/// <summary>Missing telemetry is no success: a crashed exporter looks like zero errors.</summary>
public sealed class SilentCanaryTests
{
    private readonly ManualTimeProvider _time = new();

    [Fact]
    public void A_canary_that_is_called_and_never_heard_of_again_is_held_and_told_once_and_goes_on_when_it_is_heard()
    {
        var canary = Deployment();
        for (var second = 0; second < 20; second++) Second(canary, isCanaryHeard: true);
        for (var second = 0; second < 200; second++) Second(canary, isCanaryHeard: false);

        Assert.Equal((0, Phase.Progressing), (canary.Status.StageIndex, canary.Status.Phase));
        Assert.Matches("^the canary was called in [0-9]+ different seconds and no outcome has arrived for [0-9.]+ min: its telemetry is lost", canary.Decide().Reason);
        Assert.Equal("alert", Assert.Single(canary.Events.Skip(2)).Type);

        for (var second = 0; second < 400; second++) Second(canary, isCanaryHeard: true);
        Assert.Equal(Phase.Completed, canary.Status.Phase);
    }

    [Fact]
    public void A_canary_whose_answers_take_nearly_the_deadline_is_waited_for_and_nobody_is_told()
    {
        var canary = Deployment();
        for (var second = 0; second < 20; second++) Second(canary, isCanaryHeard: true);
        for (var second = 0; second < 120; second++) Second(canary, isCanaryHeard: false);
        Assert.EndsWith("so a promotion waits for one", canary.Decide().Reason, StringComparison.Ordinal);
        Assert.DoesNotContain(canary.Events, happened => happened.Type == "alert");
    }

    [Fact]
    public void A_canary_that_nobody_calls_is_not_silent()
    {
        var canary = Deployment();
        for (var second = 0; second < 200; second++)
        {
            canary.Record("v1", success: true, TimeSpan.FromMilliseconds(100));
            Tick(canary);
        }
        Assert.DoesNotContain(canary.Events, happened => happened.Type == "alert");
    }

    [Fact]
    public void A_canary_whose_starts_are_counted_and_whose_outcomes_are_missing_is_rolled_back_for_missing_is_failed()
    {
        var canary = Deployment();
        for (var second = 0; second < 200 && canary.Status.Phase is Phase.Progressing; second++)
        {
            for (var user = 0; user < 10; user++)
            {
                var assignment = canary.Assign($"user-{second}-{user}");
                if (assignment.Variant is Variant.Stable) canary.Record(assignment, new Outcome { Latency = TimeSpan.FromMilliseconds(100) });
            }
            Tick(canary);
        }
        Assert.Equal(Phase.RolledBack, canary.Status.Phase);
    }

    private void Second(CanaryDeployment canary, bool isCanaryHeard)
    {
        for (var user = 0; user < 10; user++)
        {
            var version = canary.Route($"user-{canary.Status.TimeInStage.Ticks}-{user}");
            if (version == "v1" || isCanaryHeard) canary.Record(version, success: true, TimeSpan.FromMilliseconds(100));
        }
        Tick(canary);
    }

    private void Tick(CanaryDeployment canary)
    {
        _time.Advance(TimeSpan.FromSeconds(1));
        canary.Apply(canary.Decide());
    }

    private CanaryDeployment Deployment() => new(
        "v1", "v2", new(new Stage(Weight.FromPercent(20)) { BakeTime = TimeSpan.FromMinutes(2), MinRequests = 20 }, new Stage(Weight.Full)), new() { TimeProvider = _time });
}
