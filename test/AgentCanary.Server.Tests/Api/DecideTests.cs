using System.Text.Json.Nodes;
using AgentCanary.Routing;
using AgentCanary.Server.Tests.Reports;
using AgentCanary.Testing;
using Microsoft.Extensions.DependencyInjection;

namespace AgentCanary.Server.Tests.Api;

public sealed class DecideTests : IAsyncLifetime
{
    private readonly ReportedSite _site = new();
    private AdminHost _host = null!;
    private TestClient _client = null!;

    public async Task InitializeAsync()
    {
        _host = await AdminHost.StartAsync(new FakeRollouts(), services => services
            .AddSingleton(_site.Registry).AddSingleton(_site.Ids).AddSingleton(_site.Intake).AddSingleton(_site.Totals).AddSingleton<TimeProvider>(_site.Time));
        _client = new(_host.Address);
    }

    public async Task DisposeAsync()
    {
        _client.Dispose();
        await _host.DisposeAsync();
    }

    private Task<TestAnswer> SendAsync(string path, string body) => _client.SendAsync("POST", path, body);

    private async Task<JsonNode> DecideAsync(string key)
    {
        var answer = await SendAsync("/api/v1/decide", $$"""{"agent":"support-agent","key":"{{key}}"}""");
        Assert.Equal(200, (int)answer.Status);
        return JsonNode.Parse(answer.Body)!;
    }

    [Fact]
    public async Task A_key_gets_the_version_that_the_gateway_would_give_it_and_an_id_that_says_so()
    {
        foreach (var user in Enumerable.Range(0, 20).Select(i => $"user-{i}"))
        {
            var decision = await DecideAsync(user);
            var expected = Router.Route(_site.Runtime.Plan, user);
            Assert.Equal((expected.Version, expected.Variant.WireName, "split"), ((string)decision["version"]!, (string)decision["variant"]!, (string)decision["reason"]!));
            Assert.True(_site.Ids.TryRead((string)decision["decision_id"]!, out var id));
            Assert.Equal((expected.Arm, expected.KeyHash, 1, true), (id.Arm, id.KeyHash, id.Stage, id.IsReported));
        }
    }

    [Fact]
    public async Task A_reported_outcome_counts_once_with_all_its_figures()
    {
        var decisions = new List<JsonNode>();
        for (var i = 0; i < 40; i++) decisions.Add(await DecideAsync($"user-{i}"));
        var outcomes = decisions.Select((decision, i) =>
            $$"""{"decision_id":"{{decision["decision_id"]}}","class":"{{(i % 4 == 0 ? "error_upstream" : "ok")}}","latency_ms":250,"tokens":100,"cost":0.5,"scores":{"task_completion":1} }""");
        var batch = $"[{string.Join(',', outcomes)}]";

        Assert.Contains("\"counted\":40", (await SendAsync("/api/v1/outcomes", batch)).Body, StringComparison.Ordinal);
        Assert.Contains("\"duplicates\":40", (await SendAsync("/api/v1/outcomes", batch)).Body, StringComparison.Ordinal);

        _site.Time.Advance(TimeSpan.FromSeconds(2));
        var (canary, control) = (_site.Evidence.Canary, _site.Evidence.Control);
        Assert.Equal((40L, 10L), (canary.Finished + control.Finished, canary.Failed + control.Failed));
        Assert.Equal(decisions.Count(decision => (string)decision["variant"]! == "canary"), canary.Finished);
        Assert.Equal((100.0, 0.5), (canary.TokensPerRequest, canary.CostPerRequest));
        Assert.Equal(canary.Finished, canary.Score("task_completion")!.Value.Count);
    }

    [Fact]
    public async Task An_outcome_that_says_nothing_of_its_time_is_no_latency()
    {
        var ids = new List<string>();
        for (var i = 0; i < 40; i++) ids.Add((string)(await DecideAsync($"user-{i}"))["decision_id"]!);
        var outcomes = ids.Select((id, i) => i % 2 == 0 ? $$"""{"decision_id":"{{id}}","class":"ok"}""" : $$"""{"decision_id":"{{id}}","class":"ok","latency_ms":250,"ttft_ms":50}""");
        await SendAsync("/api/v1/outcomes", $"[{string.Join(',', outcomes)}]");

        _site.Time.Advance(TimeSpan.FromSeconds(2));
        var (canary, control) = (_site.Evidence.Canary, _site.Evidence.Control);
        Assert.Equal((40L, 20L, 20L), (canary.Finished + control.Finished, canary.Latency!.Count + control.Latency!.Count, canary.FirstContent!.Count + control.FirstContent!.Count));
        Assert.InRange(canary.MeanLatency!.Value.TotalMilliseconds, 240, 260);
        Assert.InRange(_site.Runtime.Status(Arm.Canary).P50!.Value.TotalMilliseconds, 240, 260);
    }

    [Fact]
    public async Task A_later_finding_counts_and_a_second_outcome_is_no_second_request()
    {
        var id = (string)(await DecideAsync("user-1"))["decision_id"]!;
        Assert.Contains("\"counted\":1", (await SendAsync("/api/v1/outcomes", $$"""[{"decision_id":"{{id}}","class":"ok","latency_ms":250}]""")).Body, StringComparison.Ordinal);
        var later = $$"""[{"decision_id":"{{id}}","class":"ok","scores":{"task_completion":0} }]""";
        Assert.Contains("\"counted\":1", (await SendAsync("/api/v1/outcomes", later)).Body, StringComparison.Ordinal);
        Assert.Contains("\"duplicates\":1", (await SendAsync("/api/v1/outcomes", later)).Body, StringComparison.Ordinal);
        Assert.Contains("\"duplicates\":1", (await SendAsync("/api/v1/outcomes", $$"""[{"id":"x","decision_id":"{{id}}","class":"timeout"}]""")).Body, StringComparison.Ordinal);

        _site.Time.Advance(TimeSpan.FromSeconds(2));
        var both = (_site.Evidence.Canary, _site.Evidence.Control);
        Assert.Equal((1L, 0L), (both.Canary.Finished + both.Control.Finished, both.Canary.Failed + both.Control.Failed));
        Assert.Equal(1, (both.Canary.Score("task_completion") ?? both.Control.Score("task_completion"))!.Value.Count);
    }

    [Fact]
    public async Task An_outcome_of_what_the_gateway_served_is_not_counted_a_second_time()
    {
        var outcome = $$"""[{"decision_id":"{{_site.Decision(Arm.Canary, stage: 1, startTick: 0)}}","class":"error_upstream"}]""";
        Assert.Contains("\"unused\":1", (await SendAsync("/api/v1/outcomes", outcome)).Body, StringComparison.Ordinal);
        Assert.Equal(0, _site.Evidence.Canary.Finished);
    }

    [Theory]
    [InlineData("", 400, "agent is missing")]
    [InlineData("{}", 400, "agent is missing")]
    [InlineData("{\"agent\":\"support-agent\",\"user\":1}", 400, "is not what is expected")]
    [InlineData("{\"agent\":\"nobody\"}", 404, "has no rollout")]
    public async Task What_cannot_be_decided_says_why(string body, int status, string told)
    {
        var answer = await SendAsync("/api/v1/decide", body);
        Assert.Equal(status, (int)answer.Status);
        Assert.Contains(told, answer.Body, StringComparison.Ordinal);
    }
}
