using System.Text.Json.Nodes;
using AgentCanary.Control;
using AgentCanary.Testing;

namespace AgentCanary.Cli.Tests.Commands;

public sealed class WaitingTests
{
    private static FakeRollouts Rollouts => new FakeRollouts().With(
        FakeRollouts.Snapshot(new RolloutState { Spec = FakeRollouts.Spec(), Phase = Phase.Progressing, StageEnteredAt = FakeRollouts.Noon, Revision = 7 }));

    private static CliProcess Start(AdminHost host, params string[] arguments) => CliProcess.Start([.. arguments, "--server", host.Address.ToString()]);

    [Theory]
    [InlineData(Phase.Completed, "completed", 0)]
    [InlineData(Phase.RolledBack, "rolled_back", 1)]
    public async Task A_wait_ends_with_the_rollout_and_says_how(Phase end, string type, int exitCode)
    {
        var rollouts = Rollouts;
        await using var host = await AdminHost.StartAsync(rollouts);
        using var process = Start(host, "promote", "support-agent", "--wait", "--json");
        await Eventually.TrueAsync(() => !rollouts.Asked.IsEmpty);

        rollouts.Change("support-agent", state => state with { Phase = end, Reason = "the end" }, type);
        var result = await process.EndAsync();

        Assert.Equal(exitCode, result.ExitCode);
        Assert.Equal(end.ToString(), JsonNode.Parse(result.Output)!["phase"]!.GetValue<string>());
    }

    [Fact]
    public async Task A_wait_that_takes_too_long_is_5_and_changes_nothing_more()
    {
        var rollouts = Rollouts;
        await using var host = await AdminHost.StartAsync(rollouts);

        var result = await Start(host, "promote", "support-agent", "--wait", "--timeout", "300ms").EndAsync();

        Assert.Equal((5, ""), (result.ExitCode, result.Output));
        Assert.Contains("the rollout goes on", result.Error, StringComparison.Ordinal);
        Assert.Single(rollouts.Asked);
    }

    [Fact]
    public async Task A_wait_for_a_rollout_that_is_replaced_fails()
    {
        var rollouts = Rollouts;
        await using var host = await AdminHost.StartAsync(rollouts);
        using var process = Start(host, "promote", "support-agent", "--wait");
        await Eventually.TrueAsync(() => !rollouts.Asked.IsEmpty);

        rollouts.Change("support-agent", state => state with { Attempt = 2, Stage = 0 }, "superseded");
        var result = await process.EndAsync();

        Assert.Equal(1, result.ExitCode);
        Assert.Contains("attempt 1 of v1.1.0 was replaced", result.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Waiting_for_a_pause_ends_when_it_is_paused()
    {
        await using var host = await AdminHost.StartAsync(Rollouts);

        Assert.Equal(0, (await Start(host, "pause", "support-agent", "--wait").EndAsync()).ExitCode);
    }

    [Fact]
    public async Task Waiting_for_a_rollback_ends_when_the_store_has_kept_it()
    {
        var rollouts = Rollouts;
        rollouts.IsDiskFull = true;
        await using var host = await AdminHost.StartAsync(rollouts);
        using var process = Start(host, "rollback", "support-agent", "--reason", "x", "--wait");
        await Eventually.TrueAsync(() => !rollouts.Asked.IsEmpty);

        rollouts.Keep("support-agent");
        var result = await process.EndAsync();

        Assert.Equal(0, result.ExitCode);
        Assert.Contains("RolledBack", result.Output, StringComparison.Ordinal);
        Assert.Contains("not kept yet", result.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Watching_prints_a_line_for_every_change_and_ends_with_the_rollout()
    {
        var rollouts = Rollouts;
        await using var host = await AdminHost.StartAsync(rollouts);
        using var process = Start(host, "watch", "support-agent");
        await Eventually.TrueAsync(() => process.PrintedSoFar.Contains("stage 1 of 4", StringComparison.Ordinal));

        rollouts.Change("support-agent", state => state with { Stage = 1, Reason = "all checks pass" }, "stage_entered");
        rollouts.Change("support-agent", state => state with { Phase = Phase.RolledBack, Reason = "error rate" }, "rolled_back");
        var result = await process.EndAsync();

        Assert.Equal((0, ""), (result.ExitCode, result.Error));
        Assert.Equal("""
            support-agent: Progressing, stage 1 of 4 (stage-0), 5 % canary, revision 7: Hold: needs 31 more canary requests
            2026-01-15 12:08:00Z stage_entered by controller, stage 1 -> 2: all checks pass
            support-agent: Progressing, stage 2 of 4 (stage-1), 10 % canary, revision 8: Hold: needs 31 more canary requests
            2026-01-15 12:09:00Z rolled_back by controller, stage 2: error rate
            support-agent: RolledBack, stage 2 of 4 (stage-1), 0 % canary, revision 9: RollBack: error rate

            """, result.Output);
    }

    [Fact]
    public async Task Watching_with_json_prints_the_end_as_one_document()
    {
        var rollouts = Rollouts;
        await using var host = await AdminHost.StartAsync(rollouts);
        using var process = Start(host, "watch", "support-agent", "--json");
        await Eventually.TrueAsync(() => rollouts.Readers == 1);

        rollouts.Change("support-agent", state => state with { Phase = Phase.Completed, Reason = "all good" }, "completed");
        var result = await process.EndAsync();

        Assert.Equal((0, "Completed"), (result.ExitCode, JsonNode.Parse(result.Output)!["phase"]!.GetValue<string>()));
    }

    [Fact]
    public async Task Watching_goes_on_after_the_server_was_away()
    {
        var rollouts = Rollouts;
        var host = await AdminHost.StartAsync(rollouts);
        using var process = Start(host, "watch", "support-agent");
        await Eventually.TrueAsync(() => rollouts.Readers == 1);
        var port = host.Address.Port;

        await host.DisposeAsync();
        await using var restarted = await AdminHost.StartAsync(rollouts, port: port);
        await Eventually.TrueAsync(() => rollouts.Readers == 1);
        rollouts.Change("support-agent", state => state with { Phase = Phase.Completed }, "completed");
        var result = await process.EndAsync();

        Assert.Equal(0, result.ExitCode);
        Assert.Contains("trying again", result.Error, StringComparison.Ordinal);
        Assert.Contains("support-agent: Completed", result.Output, StringComparison.Ordinal);
    }
}
