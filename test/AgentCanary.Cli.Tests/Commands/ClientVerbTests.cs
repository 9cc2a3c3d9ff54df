using System.Text.Json.Nodes;
using AgentCanary.Control;
using AgentCanary.Shadow;
using AgentCanary.Spec;
using AgentCanary.Testing;

namespace AgentCanary.Cli.Tests.Commands;

public sealed class ClientVerbTests
{
    private static FakeRollouts Rollouts(Phase phase = Phase.Progressing, PauseReason pause = PauseReason.None) => new FakeRollouts().With(
        FakeRollouts.Snapshot(new RolloutState { Spec = FakeRollouts.Spec(), Phase = phase, Pause = pause, Stage = 1, StageEnteredAt = FakeRollouts.Noon, Revision = 7 }));

    private static Task<CliResult> RunAsync(AdminHost host, params string[] arguments) => CliProcess.RunAsync([.. arguments, "--server", host.Address.ToString()]);

    [Fact]
    public async Task List_shows_every_rollout_in_columns()
    {
        await using var host = await AdminHost.StartAsync(Rollouts());

        var result = await RunAsync(host, "list");

        Assert.Equal((0, ""), (result.ExitCode, result.Error));
        Assert.Equal("""
            AGENT          STABLE  CANARY  PHASE        STAGE        WEIGHT  DECISION
            support-agent  v1.0.0  v1.1.0  Progressing  2/4 stage-1    10 %  Hold: needs 31 more canary requests

            """, result.Output);
    }

    [Fact]
    public async Task Status_tells_where_a_rollout_stands_and_why()
    {
        await using var host = await AdminHost.StartAsync(Rollouts(Phase.Paused, PauseReason.Approval));

        var result = await RunAsync(host, "status", "support-agent");

        Assert.Equal((0, ""), (result.ExitCode, result.Error));
        Assert.Equal("""
            support-agent  v1.0.0 -> v1.1.0
            Phase     Paused for an approval: agentcanary approve support-agent
            Stage     stage 2 of 4 (stage-1), 10 % canary, since 2026-01-15 12:00:00Z
            Decision  Hold: needs 31 more canary requests
            Attempt   1, revision 7

            ARM      REQUESTS  ERRORS  SUCCESS  P50 ms  P95 ms  P99 ms  USERS
            canary          0       0        -       -       -       -      0
            control         0       0        -       -       -       -      0

            """, result.Output);
    }

    [Fact]
    public async Task Status_tells_how_many_conversations_belong_to_a_version_and_until_when_they_may_finish()
    {
        var state = new RolloutState
        {
            Spec = FakeRollouts.Spec() with { PinsOnRollback = PinsOnRollback.Drain }, Phase = Phase.RolledBack, Pins = PinsOnRollback.Drain, StageEnteredAt = FakeRollouts.Noon, Revision = 7,
        };
        await using var host = await AdminHost.StartAsync(new FakeRollouts().With(FakeRollouts.Snapshot(state) with { Pinned = new(3, 1_204) }));

        var result = await RunAsync(host, "status", "support-agent");

        Assert.Contains("Pinned    3 conversations on the canary (they may finish there until 2026-01-16 12:00:00Z), 1,204 on stable", result.Output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(ShadowStop.Requests, "990 of 1,200 calls answered; stopped for 23 min: the hour's requests are spent (shadow.budget.requests); more traffic does not help until then")]
    [InlineData(ShadowStop.UnknownCost, "990 of 1,200 calls answered; stopped for 23 min: an answer has no price, and the cost is limited: complete prices, or take shadow.budget.cost out; more traffic does not help until then")]
    [InlineData(null, "990 of 1,200 calls answered")]
    public async Task Status_tells_how_the_shadow_stands_and_why_it_is_stopped(ShadowStop? stop, string expected)
    {
        var shadow = new ShadowStatus(new(1_200, 990, 0, 0, 0, 0), new(), stop is { } reason ? (reason, TimeSpan.FromMinutes(23)) : null);
        await using var host = await AdminHost.StartAsync(new FakeRollouts().With(FakeRollouts.Snapshot(new RolloutState { Spec = FakeRollouts.Spec() }) with { Shadow = shadow }));

        var result = await RunAsync(host, "status", "support-agent");

        Assert.Contains($"Shadow    {expected}{Environment.NewLine}", result.Output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("status support-agent")]
    [InlineData("list")]
    [InlineData("events support-agent")]
    [InlineData("promote support-agent")]
    [InlineData("pause support-agent --reason checking")]
    public async Task Json_is_one_document_and_nothing_else(string arguments)
    {
        await using var host = await AdminHost.StartAsync(Rollouts());

        var result = await RunAsync(host, [.. arguments.Split(' '), "--json"]);

        Assert.Equal((0, ""), (result.ExitCode, result.Error));
        var document = JsonNode.Parse(result.Output)!;
        Assert.Equal("support-agent", (document is JsonArray array ? array[0]! : document)["agent"]!.GetValue<string>());
    }

    [Theory]
    [InlineData("promote support-agent", Phase.Progressing, "support-agent: Progressing, stage 3 of 4 (stage-2), 15 % canary, revision 8")]
    [InlineData("promote support-agent --full", Phase.Progressing, "support-agent: Completed, stage 4 of 4 (full), 100 % canary, revision 8")]
    [InlineData("pause support-agent", Phase.Progressing, "support-agent: Paused by a person, stage 2 of 4 (stage-1), 10 % canary, revision 8")]
    [InlineData("resume support-agent", Phase.Paused, "support-agent: Progressing, stage 2 of 4 (stage-1), 10 % canary, revision 8")]
    [InlineData("approve support-agent", Phase.Paused, "support-agent: Progressing, stage 2 of 4 (stage-1), 10 % canary, revision 8")]
    [InlineData("retry support-agent", Phase.RolledBack, "support-agent: Progressing, stage 1 of 4 (stage-0), 5 % canary, revision 8")]
    [InlineData("rollback support-agent --reason wrong", Phase.Progressing, "support-agent: RolledBack, stage 2 of 4 (stage-1), 0 % canary, revision 8: RollBack: wrong")]
    public async Task An_act_says_where_the_rollout_stands_after_it(string arguments, Phase phase, string line)
    {
        await using var host = await AdminHost.StartAsync(Rollouts(phase, phase is Phase.Paused ? PauseReason.Approval : PauseReason.None));

        var result = await RunAsync(host, arguments.Split(' '));

        Assert.Equal((0, ""), (result.ExitCode, result.Error));
        Assert.StartsWith(line, result.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_act_carries_its_reason_and_its_revision()
    {
        var rollouts = Rollouts();
        await using var host = await AdminHost.StartAsync(rollouts);

        var result = await RunAsync(host, "promote", "support-agent", "--full", "--reason", "@alice says so", "--revision", "7");

        Assert.Equal(0, result.ExitCode);
        Assert.Equal(new RolloutCommand.Promote(true) { Actor = "cli", Reason = "@alice says so", Revision = 7 }, Assert.Single(rollouts.Asked));
    }

    [Theory]
    [InlineData("promote support-agent --revision 6", 4, "Stale revision: the rollout is at revision 7, not 6")]
    [InlineData("resume support-agent", 4, "Refused: resume is not allowed while the rollout is Progressing")]
    [InlineData("status nobody", 1, "Unknown agent: Agent 'nobody' has no rollout")]
    [InlineData("rollback nobody --reason x", 1, "Unknown agent: Agent 'nobody' has no rollout")]
    [InlineData("watch nobody", 1, "Unknown agent: Agent 'nobody' has no rollout")]
    public async Task What_the_server_refuses_is_told_on_standard_error(string arguments, int exitCode, string message)
    {
        await using var host = await AdminHost.StartAsync(Rollouts());

        var result = await RunAsync(host, arguments.Split(' '));

        Assert.Equal((exitCode, ""), (result.ExitCode, result.Output));
        Assert.StartsWith(message, result.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_the_store_cannot_keep_is_a_failure()
    {
        var rollouts = Rollouts();
        rollouts.IsDiskFull = true;
        await using var host = await AdminHost.StartAsync(rollouts);

        var (promoted, rolledBack) = (await RunAsync(host, "promote", "support-agent"), await RunAsync(host, "rollback", "support-agent", "--reason", "x"));

        Assert.Equal((1, 1), (promoted.ExitCode, rolledBack.ExitCode));
        Assert.StartsWith("Not stored: stable serves everybody, but the disk is full", rolledBack.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("")]
    [InlineData("nonsense")]
    [InlineData("status")]
    [InlineData("status a b")]
    [InlineData("rollback support-agent")]
    [InlineData("promote support-agent --revision x")]
    [InlineData("promote support-agent --revision 0")]
    [InlineData("promote support-agent --timeout 5")]
    [InlineData("apply")]
    [InlineData("events support-agent --limit 0")]
    [InlineData("list --server 127.0.0.1:8081")]
    [InlineData("list --api-key cleartext")]
    [InlineData("list --api-key env:AGENTCANARY_NO_SUCH_VARIABLE")]
    public async Task A_wrong_command_line_is_2_with_a_word_on_standard_error(string arguments)
    {
        var result = await CliProcess.RunAsync(arguments.Split(' ', StringSplitOptions.RemoveEmptyEntries));

        Assert.Equal((2, ""), (result.ExitCode, result.Output));
        Assert.Contains("--help", result.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_server_that_is_not_there_is_3()
    {
        // Nothing listens on the port of discard.
        var result = await CliProcess.RunAsync(["status", "support-agent", "--server", "http://127.0.0.1:9"]);

        Assert.Equal((3, ""), (result.ExitCode, result.Output));
        Assert.StartsWith("The server at http://127.0.0.1:9/ cannot be reached: Connection refused", result.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Text_from_a_server_cannot_command_the_terminal()
    {
        const string evil = "done\u001b[2J\u009b31m\r\nFAKE\u202egnp";
        var snapshot = FakeRollouts.Snapshot(new RolloutState { Spec = FakeRollouts.Spec(), Phase = Phase.Progressing }) with { Decision = new Decision.Hold(evil) };
        await using var host = await AdminHost.StartAsync(new FakeRollouts().With(snapshot));

        var text = await RunAsync(host, "status", "support-agent");
        var json = await RunAsync(host, "status", "support-agent", "--json");

        Assert.Contains("""Hold: done\u001b[2J\u009b31m\u000d\u000aFAKE\u202egnp""", text.Output, StringComparison.Ordinal);
        Assert.DoesNotContain(text.Output + json.Output, sign => (char.IsControl(sign) && sign != '\n') || sign == '\u202e');
        Assert.Equal(evil, JsonNode.Parse(json.Output)!["reason"]!.GetValue<string>());
    }

    [Fact]
    public async Task Events_are_listed_oldest_first()
    {
        var rollouts = Rollouts();
        rollouts.Change("support-agent", state => state with { Stage = 2, Reason = "all checks pass" }, "stage_entered");
        await using var host = await AdminHost.StartAsync(rollouts);

        var result = await RunAsync(host, "events", "support-agent");

        Assert.Equal("""
            REVISION  AT                    TYPE           ACTOR       STAGE   REASON
                   7  2026-01-15 12:07:00Z  created        cli         2       applied
                   8  2026-01-15 12:08:00Z  stage_entered  controller  2 -> 3  all checks pass

            """, result.Output);
    }

    [Theory]
    [InlineData("serve")]
    [InlineData("demo")]
    [InlineData("validate")]
    [InlineData("apply")]
    [InlineData("list")]
    [InlineData("status")]
    [InlineData("watch")]
    [InlineData("events")]
    [InlineData("promote")]
    [InlineData("pause")]
    [InlineData("resume")]
    [InlineData("rollback")]
    [InlineData("approve")]
    [InlineData("retry")]
    public async Task Every_verb_explains_itself_with_an_example(string verb)
    {
        var result = await CliProcess.RunAsync([verb, "--help"]);

        Assert.Equal((0, ""), (result.ExitCode, result.Error));
        Assert.Contains($"Example:\n  agentcanary {verb}", result.Output, StringComparison.Ordinal);
        if (verb is not ("serve" or "demo" or "validate")) Assert.Contains("--server <URL>", result.Output, StringComparison.Ordinal);
    }
}
