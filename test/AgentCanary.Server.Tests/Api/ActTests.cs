using System.Net;
using System.Text.Json.Nodes;
using AgentCanary.Control;
using AgentCanary.Testing;

namespace AgentCanary.Server.Tests.Api;

public sealed class ActTests
{
    private static RolloutState State(Phase phase, PauseReason pause = PauseReason.None) => new()
    {
        Spec = FakeRollouts.Spec(), Phase = phase, Pause = pause, Stage = 1, StageEnteredAt = FakeRollouts.Noon, Revision = 7,
    };

    [Theory]
    [InlineData("promote", "{}", Phase.Progressing, "Progressing", 2)]
    [InlineData("promote", """{"full":true,"reason":"all good"}""", Phase.Progressing, "Completed", 3)]
    [InlineData("pause", "", Phase.Progressing, "Paused", 1)]
    [InlineData("resume", "{}", Phase.Paused, "Progressing", 1)]
    [InlineData("approve", """{"reason":"looks fine"}""", Phase.Paused, "Progressing", 1)]
    [InlineData("retry", "{}", Phase.RolledBack, "Progressing", 0)]
    [InlineData("rollback", """{"reason":"angry users"}""", Phase.Paused, "RolledBack", 1)]
    public async Task An_allowed_act_answers_200_with_the_rollout(string act, string body, Phase phase, string phaseAfter, int stageAfter)
    {
        await using var host = await AdminHost.StartAsync(new FakeRollouts().With(FakeRollouts.Snapshot(State(phase, phase is Phase.Paused ? PauseReason.Approval : PauseReason.None))));
        using var client = new TestClient(host.Address);

        var answer = await client.SendAsync("POST", $"/api/v1/rollouts/support-agent/{act}", body, body.Length == 0 ? null : "application/json");

        Assert.Equal(HttpStatusCode.OK, answer.Status);
        var rollout = JsonNode.Parse(answer.Body)!;
        Assert.Equal((phaseAfter, stageAfter, 8), (rollout["phase"]!.GetValue<string>(), rollout["stage"]!["index"]!.GetValue<int>(), rollout["revision"]!.GetValue<int>()));
        Assert.Equal("\"8\"", answer.Header("ETag"));
    }

    [Fact]
    public async Task The_reason_the_actor_and_the_revision_reach_the_controller()
    {
        var rollouts = new FakeRollouts().With(FakeRollouts.Snapshot(State(Phase.Progressing)));
        await using var host = await AdminHost.StartAsync(rollouts);
        using var client = new TestClient(host.Address);

        await client.SendAsync("POST", "/api/v1/rollouts/support-agent/promote", """{"reason":"all good","full":true}""", "application/json", ("If-Match", "\"7\""));

        Assert.Equal(new RolloutCommand.Promote(true) { Actor = "cli", Reason = "all good", Revision = 7 }, Assert.Single(rollouts.Asked));
    }

    [Fact]
    public async Task A_stale_revision_is_refused_with_the_present_one()
    {
        var rollouts = new FakeRollouts().With(FakeRollouts.Snapshot(State(Phase.Progressing)));
        await using var host = await AdminHost.StartAsync(rollouts);
        using var client = new TestClient(host.Address);

        var answer = await client.SendAsync("POST", "/api/v1/rollouts/support-agent/pause", "{}", "application/json", ("If-Match", "\"6\""));

        Assert.Equal((HttpStatusCode.Conflict, "application/problem+json", "\"7\""), (answer.Status, answer.ContentType, answer.Header("ETag")));
        var problem = JsonNode.Parse(answer.Body)!;
        Assert.Equal(("urn:agentcanary:problem:stale-revision", 7, 409), (problem["type"]!.GetValue<string>(), problem["revision"]!.GetValue<int>(), problem["status"]!.GetValue<int>()));
        Assert.Equal(Phase.Progressing, rollouts.Find("support-agent")!.State.Phase);
    }

    [Theory]
    [InlineData("resume", Phase.Progressing)]
    [InlineData("approve", Phase.Progressing)]
    [InlineData("retry", Phase.Completed)]
    [InlineData("promote", Phase.RolledBack)]
    [InlineData("pause", Phase.Completed)]
    [InlineData("rollback", Phase.RolledBack)]
    public async Task An_act_that_the_phase_does_not_allow_is_a_conflict_and_changes_nothing(string act, Phase phase)
    {
        var before = State(phase);
        var rollouts = new FakeRollouts().With(FakeRollouts.Snapshot(before));
        await using var host = await AdminHost.StartAsync(rollouts);
        using var client = new TestClient(host.Address);

        var answer = await client.SendAsync("POST", $"/api/v1/rollouts/support-agent/{act}", "{}");

        Assert.Equal(HttpStatusCode.Conflict, answer.Status);
        var problem = JsonNode.Parse(answer.Body)!;
        Assert.Equal("urn:agentcanary:problem:refused", problem["type"]!.GetValue<string>());
        Assert.Equal($"{act} is not allowed while the rollout is {phase}", problem["detail"]!.GetValue<string>());
        Assert.Same(before, rollouts.Find("support-agent")!.State);
    }

    [Fact]
    public async Task What_cannot_be_kept_is_507()
    {
        var rollouts = new FakeRollouts { IsDiskFull = true }.With(FakeRollouts.Snapshot(State(Phase.Progressing)));
        await using var host = await AdminHost.StartAsync(rollouts);
        using var client = new TestClient(host.Address);

        var answer = await client.SendAsync("POST", "/api/v1/rollouts/support-agent/promote", "{}");

        Assert.Equal(HttpStatusCode.InsufficientStorage, answer.Status);
        Assert.Equal("urn:agentcanary:problem:not-stored", JsonNode.Parse(answer.Body)!["type"]!.GetValue<string>());
        Assert.Equal(7, rollouts.Find("support-agent")!.State.Revision);
    }

    [Fact]
    public async Task A_rollback_that_cannot_be_kept_says_that_it_is_served_and_not_durable()
    {
        var rollouts = new FakeRollouts { IsDiskFull = true }.With(FakeRollouts.Snapshot(State(Phase.Progressing)));
        await using var host = await AdminHost.StartAsync(rollouts);
        using var client = new TestClient(host.Address);

        var answer = await client.SendAsync("POST", "/api/v1/rollouts/support-agent/rollback", """{"reason":"angry users"}""");

        Assert.Equal(HttpStatusCode.InsufficientStorage, answer.Status);
        var rollout = JsonNode.Parse(answer.Body)!["rollout"]!;
        Assert.Equal(("RolledBack", false, 0), (rollout["phase"]!.GetValue<string>(), rollout["durable"]!.GetValue<bool>(), rollout["weight_bp"]!.GetValue<int>()));
    }

    [Fact]
    public async Task An_agent_without_a_rollout_is_404()
    {
        await using var host = await AdminHost.StartAsync(new FakeRollouts());
        using var client = new TestClient(host.Address);

        foreach (var (method, path) in new[] { ("GET", ""), ("GET", "/events"), ("GET", "/history"), ("POST", "/pause"), ("POST", "/rollback") })
        {
            var answer = await client.SendAsync(method, $"/api/v1/rollouts/nobody{path}");
            AssertJson.Equal("""
                {"type":"urn:agentcanary:problem:unknown-agent","title":"Unknown agent","status":404,
                 "detail":"Agent 'nobody' has no rollout: list them with GET /api/v1/rollouts, or start one with PUT /api/v1/rollouts/{agent}."}
                """, answer.Body);
            Assert.Equal((HttpStatusCode.NotFound, "application/problem+json"), (answer.Status, answer.ContentType));
        }
    }

    [Theory]
    [InlineData("""{"reason":"x","force":true}""", "not what is expected")]
    [InlineData("""{"reason":"x","reason":"y"}""", "not what is expected")]
    [InlineData("""{"reason":7}""", "not what is expected at '$.reason'")]
    [InlineData("""{"full":true}""", "full belongs to promote")]
    [InlineData("null", "body is null")]
    [InlineData("{", "not what is expected")]
    public async Task A_body_that_is_not_understood_is_400_and_nothing_is_asked(string body, string detail)
    {
        var rollouts = new FakeRollouts().With(FakeRollouts.Snapshot(State(Phase.Progressing)));
        await using var host = await AdminHost.StartAsync(rollouts);
        using var client = new TestClient(host.Address);

        var answer = await client.SendAsync("POST", "/api/v1/rollouts/support-agent/pause", body);

        Assert.Equal(HttpStatusCode.BadRequest, answer.Status);
        Assert.Contains(detail, JsonNode.Parse(answer.Body)!["detail"]!.GetValue<string>(), StringComparison.Ordinal);
        Assert.Empty(rollouts.Asked);
    }

    [Theory]
    [InlineData("7")]
    [InlineData("\"x\"")]
    [InlineData("W/\"7\"")]
    [InlineData("\"7\", \"8\"")]
    [InlineData("\"-7\"")]
    [InlineData("\"0\"")]
    public async Task A_revision_that_is_not_one_is_400(string ifMatch)
    {
        var rollouts = new FakeRollouts().With(FakeRollouts.Snapshot(State(Phase.Progressing)));
        await using var host = await AdminHost.StartAsync(rollouts);
        using var client = new TestClient(host.Address);

        var answer = await client.SendAsync("POST", "/api/v1/rollouts/support-agent/pause", "{}", "application/json", ("If-Match", ifMatch));

        Assert.Equal(HttpStatusCode.BadRequest, answer.Status);
        Assert.Empty(rollouts.Asked);
    }

    [Fact]
    public async Task A_reason_longer_than_a_thousand_characters_is_400()
    {
        var rollouts = new FakeRollouts().With(FakeRollouts.Snapshot(State(Phase.Progressing)));
        await using var host = await AdminHost.StartAsync(rollouts);
        using var client = new TestClient(host.Address);

        var answer = await client.SendAsync("POST", "/api/v1/rollouts/support-agent/pause", $$"""{"reason":"{{new string('x', 1001)}}"}""");

        Assert.Equal(HttpStatusCode.BadRequest, answer.Status);
        Assert.Empty(rollouts.Asked);
    }
}
