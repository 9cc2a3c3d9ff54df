using AgentCanary.Control;
using AgentCanary.Testing;

namespace AgentCanary.Tests;

public class CanaryDeploymentTests
{
    private readonly ManualTimeProvider _time = new();

    [Fact]
    public void A_good_canary_goes_through_every_stage_and_completes()
    {
        var canary = Deployment();
        var stages = new List<int>();
        for (var round = 0; round < 10 && canary.Status.Phase is not Phase.Completed; round++)
        {
            Serve(canary, 1200, canaryFailsEvery: 0);
            _time.Advance(TimeSpan.FromMinutes(20));
            if (canary.Apply(canary.Decide())) stages.Add(canary.Status.StageIndex);
        }
        Assert.Equal((Phase.Completed, Weight.Full), (canary.Status.Phase, canary.Status.Weight));
        Assert.Equal([1, 2, 3, 4, 4], stages);
        Assert.Equal("v2", canary.Route("anybody"));
    }

    [Fact]
    public void A_bad_canary_is_rolled_back_and_stays_so_whatever_comes_later()
    {
        var canary = Deployment();
        Serve(canary, 100, canaryFailsEvery: 5);
        Assert.IsType<Decision.RollBack>(canary.Decide());
        Assert.True(canary.Apply(canary.Decide()));
        Assert.Equal((Phase.RolledBack, Weight.None), (canary.Status.Phase, canary.Status.Weight));

        Serve(canary, 1000, canaryFailsEvery: 0);
        _time.Advance(TimeSpan.FromHours(1));
        Assert.IsType<Decision.Hold>(canary.Decide());
        Assert.False(canary.Apply(canary.Decide()));
        Assert.All(Enumerable.Range(0, 1000), user => Assert.Equal("v1", canary.Route($"user-{user}")));
    }

    [Fact]
    public void A_safety_violation_rolls_back_at_the_next_decision_however_few_requests_there_were()
    {
        var urgent = 0;
        var canary = Deployment(options => options.Urgent = () => urgent++);
        canary.Record("v2", new Outcome { Class = OutcomeClass.Safety });
        Assert.Equal(1, urgent);
        Assert.Contains("safety violation", Assert.IsType<Decision.RollBack>(canary.Decide()).Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void A_violation_of_a_request_that_an_earlier_stage_served_still_rolls_back()
    {
        var canary = Deployment();
        var served = canary.Assign(UserOn(canary, "v2"));
        Serve(canary, 100, canaryFailsEvery: 0);
        _time.Advance(TimeSpan.FromMinutes(5));
        canary.Command(new RolloutCommand.Promote());
        Assert.Equal(1, canary.Status.StageIndex);
        canary.Record(served, new Outcome { Class = OutcomeClass.Safety });
        Assert.IsType<Decision.RollBack>(canary.Decide());
    }

    [Fact]
    public void Assigned_calls_that_never_end_count_as_failed_after_the_deadline_and_keep_their_tick_out_of_the_evidence_until_then()
    {
        var canary = Deployment();
        var key = UserOn(canary, "v2");
        for (var i = 0; i < 60; i++) canary.Assign(key);
        Serve(canary, 60, canaryFailsEvery: 0);
        Assert.IsType<Decision.Hold>(canary.Decide());
        // A start is known to the tick only where somebody looks each second; after a gap it may have been as late as the gap's end.
        _time.Advance(TimeSpan.FromSeconds(1));
        Assert.IsType<Decision.Hold>(canary.Decide());
        _time.Advance(TimeSpan.FromSeconds(59));
        Serve(canary, 60, canaryFailsEvery: 0);
        Assert.IsType<Decision.Hold>(canary.Decide());
        _time.Advance(TimeSpan.FromSeconds(70));
        Assert.IsType<Decision.RollBack>(canary.Decide());
    }

    [Fact]
    public void A_clock_that_jumps_shortens_no_stage()
    {
        var canary = Deployment();
        Serve(canary, 1200, canaryFailsEvery: 0);
        _time.JumpWallClock(TimeSpan.FromHours(2));
        Assert.IsType<Decision.Hold>(canary.Decide());
        Assert.Equal(TimeSpan.Zero, canary.Status.TimeInStage);
    }

    [Fact]
    public void What_cannot_be_recorded_is_counted_and_never_thrown()
    {
        var canary = Deployment();
        canary.Record("v3", success: true, TimeSpan.FromMilliseconds(1));
        canary.Record(null!, success: true, TimeSpan.FromMilliseconds(1));
        canary.Record("v2", success: true, TimeSpan.FromMilliseconds(-5));
        canary.Record("v2", new Outcome { Cost = double.NaN });
        canary.Record(canary.Assign("x"), new Outcome { Latency = TimeSpan.MinValue });
        Assert.Equal((5, 0), (canary.Status.Refused, canary.Status.Canary.Requests));
    }

    [Fact]
    public void An_assigned_call_whose_outcome_was_refused_never_counts_as_failed()
    {
        var canary = Deployment();
        var key = UserOn(canary, "v2");
        for (var i = 0; i < 60; i++) canary.Record(canary.Assign(key), new Outcome { Latency = TimeSpan.FromMilliseconds(-1) });
        Serve(canary, 60, canaryFailsEvery: 0);
        for (var second = 0; second < 240; second++)
        {
            _time.Advance(TimeSpan.FromSeconds(1));
            Assert.IsType<Decision.Hold>(canary.Decide());
        }
        Assert.Equal((60, 60, 0), (canary.Status.Refused, canary.Status.Canary.Requests, canary.Status.Canary.Errors));
    }

    [Theory]
    [InlineData("", "v2", "stableVersion"), InlineData("v1", "", "canaryVersion"), InlineData("v1", "v1", "both 'v1'")]
    public void Terms_that_break_a_rule_are_refused_with_the_value(string stable, string canary, string expected) =>
        Assert.Contains(expected, Assert.ThrowsAny<ArgumentException>(() => new CanaryDeployment(stable, canary)).Message, StringComparison.Ordinal);

    [Fact]
    public async Task A_run_is_routed_timed_and_recorded_and_its_exception_goes_on()
    {
        var canary = Deployment();
        var answer = await canary.RunAsync(UserOn(canary, "v2"), (version, _) =>
        {
            _time.Advance(TimeSpan.FromMilliseconds(120));
            return Task.FromResult($"hello from {version}");
        });
        Assert.Equal("hello from v2", answer);
        await Assert.ThrowsAsync<InvalidOperationException>(() => canary.RunAsync<string>(UserOn(canary, "v2"), (_, _) => throw new InvalidOperationException("no")));
        using var gone = new CancellationTokenSource();
        await gone.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => canary.RunAsync<string>(UserOn(canary, "v2"), (_, token) => Task.FromCanceled<string>(token), gone.Token));
        canary.Decide();
        Assert.Equal((3, 1, 0.5), (canary.Status.Canary.Requests, canary.Status.Canary.Errors, canary.Status.Canary.SuccessRate));
        Assert.Equal(120, canary.Status.Canary.P95!.Value.TotalMilliseconds, tolerance: 8);
    }

    [Fact]
    public async Task A_run_that_tries_again_inside_is_one_request()
    {
        var canary = Deployment();
        var tries = 0;
        await canary.RunAsync(UserOn(canary, "v2"), async (_, _) =>
        {
            while (++tries < 3) await Task.Yield();
            return "at last";
        });
        canary.Decide();
        Assert.Equal((3, 1, 0), (tries, canary.Status.Canary.Requests, canary.Status.Canary.Errors));
    }

    [Fact]
    public void People_pause_resume_promote_roll_back_and_retry_and_every_change_is_told()
    {
        var canary = Deployment();
        RolloutCommand[] commands = [new RolloutCommand.Pause(), new RolloutCommand.Resume(), new RolloutCommand.Promote(), new RolloutCommand.Rollback { Actor = "cli", Reason = "odd tone" }, new RolloutCommand.Retry()];
        Assert.All(commands, command => Assert.IsNotType<Decision.Refuse>(canary.Command(command)));
        Assert.IsType<Decision.Refuse>(canary.Command(new RolloutCommand.Resume()));
        Assert.Equal(["created", "stage_entered", "paused", "resumed", "stage_entered", "rolled_back", "retried", "stage_entered"], canary.Events.Select(happened => happened.Type));
        Assert.Equal((Phase.Progressing, 2, 0), (canary.Status.Phase, canary.Status.Attempt, canary.Status.StageIndex));
    }

    private static string UserOn(CanaryDeployment canary, string version) =>
        Enumerable.Range(0, 100_000).Select(user => $"user-{user}").First(user => canary.Route(user) == version);

    private static void Serve(CanaryDeployment canary, int requests, int canaryFailsEvery)
    {
        for (var i = 1; i <= requests; i++)
        {
            canary.Record("v1", success: true, TimeSpan.FromMilliseconds(100));
            canary.Record("v2", success: canaryFailsEvery == 0 || i % canaryFailsEvery != 0, TimeSpan.FromMilliseconds(100));
        }
    }

    private CanaryDeployment Deployment(Action<CanaryDeploymentOptions>? configure = null)
    {
        var options = new CanaryDeploymentOptions { TimeProvider = _time };
        configure?.Invoke(options);
        return new("v1", "v2", StagePlan.Standard, options);
    }
}
