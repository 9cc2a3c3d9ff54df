using System.Net;
using AgentCanary.Control;
using AgentCanary.Server.Gateway;
using AgentCanary.Server.Health;
using AgentCanary.Testing;

namespace AgentCanary.Server.Tests.Api;

public sealed class HealthAndMetricsTests
{
    private static FakeRollouts Rollouts => new FakeRollouts().With(FakeRollouts.Snapshot(
        new RolloutState { Spec = FakeRollouts.Spec(), Phase = Phase.Progressing, Stage = 1, Revision = 7, Attempt = 2 }));

    [Fact]
    public async Task A_process_lives_before_it_is_ready()
    {
        await using var host = await AdminHost.StartAsync(Rollouts);
        using var client = new TestClient(host.Address);

        var (live, ready) = (await client.SendAsync("GET", "/livez"), await client.SendAsync("GET", "/readyz"));

        Assert.Equal((HttpStatusCode.OK, "ok\n"), (live.Status, live.Body));
        Assert.Equal(HttpStatusCode.ServiceUnavailable, ready.Status);
        Assert.Contains("the plan of support-agent is not published; version v1.0.0 of support-agent is not probed; version v1.1.0 of support-agent is not probed", ready.Body, StringComparison.Ordinal);
    }

    [Fact]
    public async Task It_is_ready_once_every_plan_is_published_and_every_version_was_probed_whatever_the_probe_said()
    {
        await using var host = await AdminHost.StartAsync(Rollouts);
        using var client = new TestClient(host.Address);
        host.Get<RolloutRegistry>().Publish(host.Get<RolloutRegistry>().Current.Add("support-agent", null!));
        host.Get<HealthBoard>().Publish("support-agent", "v1.0.0", new(true, 0, null, "") { IsProbed = true });
        Assert.Equal(HttpStatusCode.ServiceUnavailable, (await client.SendAsync("GET", "/readyz")).Status);

        host.Get<HealthBoard>().Publish("support-agent", "v1.1.0", new(false, 1, null, "connection refused") { IsProbed = true });

        Assert.Equal((HttpStatusCode.OK, "ok\n"), ((await client.SendAsync("GET", "/readyz")).Status, (await client.SendAsync("GET", "/readyz")).Body));
    }

    [Fact]
    public async Task It_is_not_ready_while_a_canary_that_answers_is_not_served_yet()
    {
        var rollouts = Rollouts;
        await using var host = await AdminHost.StartAsync(rollouts);
        using var client = new TestClient(host.Address);
        var state = rollouts.Find("support-agent")!.State;
        var runtime = new CanaryRuntime(state, evidence: null, TimeProvider.System);
        runtime.Publish(state, isCanaryDown: true);
        host.Get<RolloutRegistry>().Publish(host.Get<RolloutRegistry>().Current.Add("support-agent", runtime));
        foreach (var version in new[] { "v1.0.0", "v1.1.0" }) host.Get<HealthBoard>().Publish("support-agent", version, new(true, 0, null, "") { IsProbed = true });

        var early = await client.SendAsync("GET", "/readyz");
        runtime.Publish(state);

        Assert.Equal(HttpStatusCode.ServiceUnavailable, early.Status);
        Assert.Contains("Not ready: the canary of support-agent answers, and is about to be served. Ask again", early.Body, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.OK, (await client.SendAsync("GET", "/readyz")).Status);
    }

    [Fact]
    public async Task Requests_are_counted_by_agent_version_variant_and_class()
    {
        await using var host = await AdminHost.StartAsync(Rollouts);
        using var client = new TestClient(host.Address);
        var canary = host.Get<RequestTotals>().Of("support-agent", "v1.1.0", Variant.Canary);
        foreach (var (outcome, milliseconds) in new[] { (OutcomeClass.Ok, 4), (OutcomeClass.Ok, 5), (OutcomeClass.Timeout, 200_000), (OutcomeClass.Safety, 30) })
        {
            canary.Started();
            canary.Finished(outcome, TimeSpan.FromMilliseconds(milliseconds));
        }
        canary.Started();

        var page = await client.SendAsync("GET", "/metrics");

        Assert.Equal("text/plain; version=0.0.4; charset=utf-8", page.ContentType);
        var lines = page.Body.Split('\n');
        const string labels = """agent="support-agent",version="v1.1.0",variant="canary" """;
        foreach (var expected in new[]
        {
            $"agentcanary_requests_total{{{labels.Trim()},class=\"ok\"}} 2",
            $"agentcanary_requests_total{{{labels.Trim()},class=\"timeout\"}} 1",
            $"agentcanary_requests_total{{{labels.Trim()},class=\"abandoned\"}} 0",
            $"agentcanary_requests_in_flight{{{labels.Trim()}}} 1",
            $"agentcanary_request_duration_seconds_bucket{{{labels.Trim()},le=\"0.005\"}} 2",
            $"agentcanary_request_duration_seconds_bucket{{{labels.Trim()},le=\"120\"}} 3",
            $"agentcanary_request_duration_seconds_bucket{{{labels.Trim()},le=\"+Inf\"}} 4",
            $"agentcanary_request_duration_seconds_count{{{labels.Trim()}}} 4",
            $"agentcanary_request_duration_seconds_sum{{{labels.Trim()}}} 200.039",
            "agentcanary_rollout_phase{agent=\"support-agent\",phase=\"Progressing\"} 1",
            "agentcanary_rollout_phase{agent=\"support-agent\",phase=\"RolledBack\"} 0",
            "agentcanary_canary_weight_ratio{agent=\"support-agent\"} 0.1",
            "agentcanary_rollout_stage{agent=\"support-agent\"} 1",
            "agentcanary_rollout_attempt{agent=\"support-agent\"} 2",
            "agentcanary_rollout_revision{agent=\"support-agent\"} 7",
            "agentcanary_rollout_durable{agent=\"support-agent\"} 1",
            "agentcanary_pinned_conversations{agent=\"support-agent\",variant=\"stable\"} 0",
            "agentcanary_outcomes_refused_total{agent=\"support-agent\"} 0",
        }) Assert.Contains(expected, lines);
    }

    [Fact]
    public async Task What_the_gateway_refused_is_counted_by_reason()
    {
        await using var host = await AdminHost.StartAsync(Rollouts);
        using var client = new TestClient(host.Address);
        var gateway = host.Get<GatewayCounters>();
        gateway.OnReceived();
        gateway.OnReceived();
        gateway.OnRefused("unknown_agent");
        gateway.OnStripped(3);
        gateway.OnAskedOther();
        gateway.OnCut();

        var lines = (await client.SendAsync("GET", "/metrics")).Body.Split('\n');

        Assert.Contains("agentcanary_gateway_received_total 2", lines);
        Assert.Contains("agentcanary_gateway_refused_total{reason=\"unknown_agent\"} 1", lines);
        Assert.Contains("agentcanary_gateway_headers_stripped_total 3", lines);
        Assert.Contains("agentcanary_gateway_rescued_total 0", lines);
        Assert.Contains("agentcanary_gateway_asked_other_total 1", lines);
        Assert.Contains("agentcanary_gateway_cut_total 1", lines);
    }

    [Fact]
    public async Task Every_line_of_the_page_is_in_the_text_format()
    {
        await using var host = await AdminHost.StartAsync(Rollouts);
        using var client = new TestClient(host.Address);
        host.Get<RequestTotals>().Of("a\"b\\c\nd", "v", Variant.Stable).Started();

        var lines = (await client.SendAsync("GET", "/metrics")).Body.Split('\n');

        Assert.Equal("", lines[^1]);
        Assert.All(lines[..^1], line => Assert.Matches(@"^(# (HELP|TYPE) agentcanary_[a-z_]+ .+|agentcanary_[a-z_]+(\{[a-z]+=""([^""\\]|\\.)*""(,[a-z]+=""([^""\\]|\\.)*"")*\})? [0-9.E+-]+)$", line));
        Assert.Contains("""agentcanary_requests_in_flight{agent="a\"b\\c\nd",version="v",variant="stable"} 1""", lines);
    }
}
