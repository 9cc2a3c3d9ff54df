using AgentCanary.Control;

namespace AgentCanary.Tests.Hosting;

public sealed class HostedResumeTests
{
    private readonly BrittleStore _store = new();
    private readonly ManualTimeProvider _time = new();

    [Fact]
    public async Task A_second_process_goes_on_with_the_same_stage_salt_soak_and_evidence()
    {
        CanaryStatus before;
        ulong salt;
        await using (var first = await StartAsync())
        {
            await first.PassAsync(3, () => first.Serve());
            (before, salt) = (first.Status, first.Canary.State.Salt);
        }
        Assert.Equal((1, HostedWorld.Period, 100), (before.StageIndex, before.TimeInStage, before.Canary.Requests));

        await using var second = await StartAsync(options =>
        {
            HostedWorld.Standard(options);
            options.Deployment.Pepper = 42; // users keep their version: the salt of the attempt stays what it was
        });
        Assert.Equal(salt, second.Canary.State.Salt);
        Assert.Equal((1, HostedWorld.Period), (second.Status.StageIndex, second.Status.TimeInStage));
        Assert.Equal((before.Canary, before.Stable), (second.Status.Canary, second.Status.Stable));
        await second.PassAsync(); // two periods in all, and the requests of the first process
        Assert.Equal(2, second.Status.StageIndex);
        await second.AssertWrittenAsync("created", "stage_entered", "stage_entered", "stage_entered");
    }

    [Fact]
    public async Task Failures_before_and_after_a_restart_are_judged_together()
    {
        await using (var first = await StartAsync()) await first.PassAsync(before: () => first.Serve(canaryRequests: 40, canaryFailsEvery: 4));
        await using var second = await StartAsync();
        Assert.Equal(Phase.Progressing, second.Status.Phase);
        await second.PassAsync(before: () => second.Serve(canaryRequests: 40, canaryFailsEvery: 4));
        Assert.Equal(Phase.RolledBack, second.Status.Phase);
    }

    [Theory, InlineData(Phase.RolledBack, "v1"), InlineData(Phase.Completed, "v2")]
    public async Task What_has_ended_stays_so_in_the_next_process(Phase phase, string version)
    {
        await using (var first = await StartAsync()) first.Canary.Command(phase is Phase.RolledBack ? new RolloutCommand.Rollback() : new RolloutCommand.Promote(Full: true));
        await using var second = await StartAsync();
        await second.PassAsync(3, () => second.Serve());
        Assert.Equal((phase, version), (second.Status.Phase, second.Canary.Route("anybody")));
        await second.AssertWrittenAsync("created", "stage_entered", phase is Phase.RolledBack ? "rolled_back" : "completed");
    }

    [Fact]
    public async Task Another_pair_of_versions_begins_a_new_rollout_on_the_same_chain()
    {
        ulong salt;
        await using (var first = await StartAsync())
        {
            await first.PassAsync(2, () => first.Serve());
            salt = first.Canary.State.Salt;
        }
        await using var second = await StartAsync(HostedWorld.Versions("v1", "v3"));
        Assert.Equal(("v3", 0, 0, TimeSpan.Zero), (second.Status.CanaryVersion, second.Status.StageIndex, second.Status.Canary.Requests, second.Status.TimeInStage));
        Assert.NotEqual(salt, second.Canary.State.Salt);
        await second.AssertWrittenAsync("created", "stage_entered", "stage_entered", "superseded", "stage_entered");
        Assert.Contains("v1 and v3", (await second.StoredEventsAsync())[3].Reason, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_stable_version_that_was_never_proven_is_refused_at_the_start_with_the_rule()
    {
        await using (var first = await StartAsync()) await first.PassAsync(before: () => first.Serve());
        var refusal = await Assert.ThrowsAsync<InvalidOperationException>(() => StartAsync(HostedWorld.Versions("v2", "v3")));
        Assert.Contains($"'{HostedWorld.Agent}'", refusal.Message, StringComparison.Ordinal);
        Assert.Contains("'v1' is the last version that was proven", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_rollout_that_was_written_and_never_started_is_started_by_the_next_process()
    {
        _store.OnWrite = state =>
        {
            if (state.Revision == 2) BrittleStore.Fail();
            return Task.CompletedTask;
        };
        await Assert.ThrowsAsync<StoreUnavailableException>(() => StartAsync());
        _store.OnWrite = _ => Task.CompletedTask;
        await using var second = await StartAsync();
        Assert.Equal(Phase.Progressing, second.Status.Phase);
        await second.AssertWrittenAsync("created", "stage_entered");
    }

    [Fact]
    public async Task A_process_that_starts_in_the_same_moment_as_another_goes_on_from_what_that_one_wrote()
    {
        var other = RolloutMachine.Create(new CanaryDeployment("v1", "v2", HostedWorld.Plan, new() { Name = HostedWorld.Agent }).State.Spec, pepper: 7, _time.GetUtcNow());
        _store.OnWrite = async _ =>
        {
            _store.OnWrite = _ => Task.CompletedTask;
            await _store.Inner.WriteAsync(other.Next, other.Event, null, default);
        };
        await using var world = await StartAsync();
        Assert.Equal(other.Next.Salt, world.Canary.State.Salt);
        await world.AssertWrittenAsync("created", "stage_entered");
    }

    [Fact]
    public async Task Evidence_that_cannot_be_read_begins_the_stage_anew_and_is_told()
    {
        await using (var first = await StartAsync()) await first.PassAsync(before: () => first.Serve());
        await _store.Inner.WriteEvidenceAsync([new(HostedWorld.Agent, 1, new byte[] { 99 })], default);
        await using var second = await StartAsync();
        Assert.Equal((0, TimeSpan.Zero), (second.Status.Canary.Requests, second.Status.TimeInStage));
        Assert.Contains(second.Logger.Lines, line => line.Id == 1004);
    }

    [Fact]
    public async Task A_process_whose_rollout_was_replaced_in_the_store_may_still_roll_back_and_never_promotes()
    {
        await using var old = await StartAsync();
        await old.PassAsync(before: () => old.Serve());
        var newer = new ManualTimeProvider();
        await using var young = await HostedWorld.StartAsync(_store, newer, HostedWorld.Versions("v1", "v3"));
        await old.PassAsync(3, () => old.Serve());
        Assert.Equal(0, old.Status.StageIndex);
        Assert.Contains(old.Logger.Lines, line => line.Exception?.Message.Contains("v1 and v3", StringComparison.Ordinal) == true);

        old.Canary.Record("v2", new Outcome { Class = OutcomeClass.Safety });
        await Eventually.TrueAsync(() => old.Status.Phase is Phase.RolledBack);
        await old.AllWaitAsync();
        Assert.Equal(Phase.Progressing, young.Status.Phase);
        await young.AssertWrittenAsync("created", "stage_entered", "superseded", "stage_entered");
    }

    private Task<HostedWorld> StartAsync(Action<HostedDeploymentOptions>? configure = null) => HostedWorld.StartAsync(_store, _time, configure);
}
