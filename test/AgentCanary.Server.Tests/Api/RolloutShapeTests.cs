using System.Net;
using System.Text.Json.Nodes;
using AgentCanary.Analysis;
using AgentCanary.Control;
using AgentCanary.Shadow;
using AgentCanary.Testing;

namespace AgentCanary.Server.Tests.Api;

public sealed class RolloutShapeTests
{
    private static readonly RolloutSnapshot Full = new(
        new RolloutState { Spec = FakeRollouts.Spec(), Phase = Phase.Progressing, Stage = 2, StageEnteredAt = FakeRollouts.Noon, Revision = 12 },
        new Decision.Hold("needs 31 more canary requests"),
        new AnalysisResult
        {
            Reason = "too few requests",
            Eta = TimeSpan.FromSeconds(185.2),
            Checks =
            [
                new CheckResult
                {
                    Check = "error_rate_delta < 0.01", Verdict = Verdict.Fail, Canary = 0.12, Control = 0.011, Bound = 0.021, Low = 0.03, High = 0.21, RatioLow = 2, RatioHigh = 20,
                    CanaryCount = 97, ControlCount = 1840, EValue = 231.4, DesignEffect = 2.5, Reason = "12 % of canary requests fail",
                },
                new CheckResult { Check = "cost_per_request_increase < 0.5", Canary = double.NaN, EValue = double.PositiveInfinity, Reason = "no data" },
            ],
        },
        new ArmStatus(412, 3, 0.9927, TimeSpan.FromMilliseconds(801.2), TimeSpan.FromMilliseconds(1210), TimeSpan.FromMilliseconds(1500.1234), 96),
        ArmStatus.Empty,
        IsDurable: true,
        Refused: 2)
    {
        Shadow = new(
            new(Offered: 100, Sent: 40, Dropped: 1, Failed: 2, TimedOut: 3, CompareFailed: 0) { OverBudget = 50, Paused = 4 },
            new() { Requests = 45, Tokens = new(1890, 45, IsMissing: false), Cost = new(0.25, 45, IsMissing: false) },
            (ShadowStop.Cost, TimeSpan.FromSeconds(1800.2))),
    };

    [Fact]
    public async Task A_rollout_is_written_exactly_as_the_contract_says()
    {
        await using var host = await AdminHost.StartAsync(new FakeRollouts().With(Full));
        using var client = new TestClient(host.Address);

        var answer = await client.SendAsync("GET", "/api/v1/rollouts/support-agent");

        Assert.Equal(HttpStatusCode.OK, answer.Status);
        Assert.Equal("application/json; charset=utf-8", answer.ContentType);
        Assert.Equal("\"12\"", answer.Header("ETag"));
        AssertJson.Equal("""
            {"agent":"support-agent","phase":"Progressing","paused_for":null,
             "stage":{"index":2,"name":"stage-2","weight_bp":1500,"entered_at":"2026-01-15T12:00:00Z"},"stages":4,"weight_bp":1500,"attempt":1,"revision":12,
             "stable":{"version":"v1.0.0"},"canary":{"version":"v1.1.0"},
             "decision":"Hold","reason":"needs 31 more canary requests","eta_seconds":186,"durable":true,
             "checks":[
               {"check":"error_rate_delta < 0.01","verdict":"Fail","canary":0.12,"control":0.011,"low":0.03,"high":0.21,"ratio_low":2,"ratio_high":20,"n_canary":97,"n_control":1840,"e_value":231.4,"design_effect":2.5,
                "bound":0.021,"reason":"12 % of canary requests fail"},
               {"check":"cost_per_request_increase < 0.5","verdict":"Inconclusive","canary":null,"control":null,"low":null,"high":null,"ratio_low":null,"ratio_high":null,"n_canary":0,"n_control":0,"e_value":null,"design_effect":null,
                "bound":null,"reason":"no data"}],
             "arms":{"canary":{"requests":412,"errors":3,"success_rate":0.9927,"p50_ms":801.2,"p95_ms":1210,"p99_ms":1500.123,"users":96},
                     "control":{"requests":0,"errors":0,"success_rate":null,"p50_ms":null,"p95_ms":null,"p99_ms":null,"users":0}},
             "pinned":{"canary":0,"stable":0},"model_changes":[],"drain_until":null,"refused":2,"warnings":[],
             "shadow":{"offered":100,"sent":40,"dropped":1,"failed":2,"timed_out":3,"over_budget":50,"paused":4,"hour_requests":45,"hour_tokens":1890,"hour_cost":0.25,"stop":"cost","stop_seconds":1801}}
            """, answer.Body);
    }

    [Fact]
    public async Task Signs_of_checks_are_written_as_they_are_and_control_characters_never()
    {
        var snapshot = Full with { Decision = new Decision.Hold("<b>\u001b[2J\u0007\u2028") };
        await using var host = await AdminHost.StartAsync(new FakeRollouts().With(snapshot));
        using var client = new TestClient(host.Address);

        var answer = await client.SendAsync("GET", "/api/v1/rollouts/support-agent");

        Assert.Contains("error_rate_delta < 0.01", answer.Body, StringComparison.Ordinal);
        Assert.DoesNotContain(answer.Body, character => char.IsControl(character) || character == '\u2028');
        Assert.Equal("<b>\u001b[2J\u0007\u2028", JsonNode.Parse(answer.Body)!["reason"]!.GetValue<string>());
    }

    [Theory]
    [InlineData(Phase.Completed, "Complete")]
    [InlineData(Phase.RolledBack, "RollBack")]
    public async Task An_ended_rollout_says_why_it_ended(Phase phase, string decision)
    {
        var snapshot = Full with { State = Full.State with { Phase = phase, Reason = "checkout failed" }, Decision = new Decision.Hold("nothing left to decide") };
        await using var host = await AdminHost.StartAsync(new FakeRollouts().With(snapshot));
        using var client = new TestClient(host.Address);

        var rollout = JsonNode.Parse((await client.SendAsync("GET", "/api/v1/rollouts/support-agent")).Body)!;

        Assert.Equal((decision, "checkout failed"), (rollout["decision"]!.GetValue<string>(), rollout["reason"]!.GetValue<string>()));
        Assert.Equal(phase is Phase.Completed ? 10_000 : 0, rollout["weight_bp"]!.GetValue<int>());
        Assert.Null(rollout["eta_seconds"]);
    }

    [Fact]
    public async Task All_rollouts_are_an_array_in_the_order_of_names()
    {
        var rollouts = new FakeRollouts()
            .With(FakeRollouts.Snapshot(new RolloutState { Spec = FakeRollouts.Spec("zebra") }))
            .With(FakeRollouts.Snapshot(new RolloutState { Spec = FakeRollouts.Spec("ant") }));
        await using var host = await AdminHost.StartAsync(rollouts);
        using var client = new TestClient(host.Address);

        var list = JsonNode.Parse((await client.SendAsync("GET", "/api/v1/rollouts")).Body)!.AsArray();

        Assert.Equal(["ant", "zebra"], list.Select(rollout => rollout!["agent"]!.GetValue<string>()));
    }
}
