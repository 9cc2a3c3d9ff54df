using System.Text.Json.Nodes;
using AgentCanary.Control;
using AgentCanary.Server.Reports;
using AgentCanary.Server.Tests.Reports;
using AgentCanary.Testing;
using Microsoft.Extensions.DependencyInjection;

namespace AgentCanary.Server.Tests.Api;

public sealed class ReportTests
{
    private readonly ReportedSite _site = new();

    private async Task<TestAnswer> SendAsync(string path, string body, string contentType = "application/json")
    {
        await using var host = await AdminHost.StartAsync(new FakeRollouts(), services => services.AddSingleton(_site.Intake).AddSingleton(_site.Totals));
        using var client = new TestClient(host.Address);
        return await client.SendAsync("POST", path, body, contentType);
    }

    private async Task<string[]> FaultsAsync(string path, string body)
    {
        var answer = await SendAsync(path, body);
        Assert.Equal((400, "application/problem+json"), ((int)answer.Status, answer.ContentType));
        var problem = JsonNode.Parse(answer.Body)!;
        Assert.Equal("urn:agentcanary:problem:invalid-batch", problem["type"]!.GetValue<string>());
        return [.. problem["errors"]!.AsArray().Select(fault => $"{fault!["index"]} {fault["path"]}: {fault["message"]}")];
    }

    [Fact]
    public async Task A_batch_is_taken_and_the_answer_says_what_became_of_each()
    {
        var answer = await SendAsync("/api/v1/scores", $$"""
            [{"id":"1","name":"quality","value":0.5,"decision_id":"{{_site.Decision()}}","source":"judge","evaluator":{"name":"gpt"},"comment":"fine","at":"2026-01-15T12:00:00Z"},
             {"id":"1","name":"quality","value":0.5,"decision_id":"{{_site.Decision()}}"},
             {"id":"2","name":"user_satisfaction","value":false,"response_id":"resp-1"},
             {"id":"3","name":"quality","value":true,"decision_id":"{{_site.Decision(Arm.Control)}}"},
             {"id":"4","name":"quality","value":1,"decision_id":"unknown"}]
            """);

        Assert.Equal(202, (int)answer.Status);
        AssertJson.Equal("""{"received":5,"counted":2,"duplicates":1,"parked":1,"orphaned":1,"too_old":0,"outside":0,"over":0,"unused":0}""", answer.Body);
        Assert.Equal(1, Assert.Single(_site.Evidence.Left).Control.Score("quality")!.Value.Mean);
    }

    [Fact]
    public async Task An_outcome_tells_violations_and_scores_and_without_an_id_it_is_the_same_where_it_says_the_same()
    {
        var (canary, control) = (_site.Decision(), _site.Decision(Arm.Control));
        var answer = await SendAsync("/api/v1/outcomes", $$"""
            [{"decision_id":"{{canary}}","class":"ok","latency_ms":812.4,"ttft_ms":120,"tokens":350,"cost":0.0021,"safety_violations":0,"scores":{"quality":0.8,"charm":1} },
             {"decision_id":"{{canary}}","cost":0.0021,"class":"ok","latency_ms":812.4,"ttft_ms":120,"tokens":350,"scores":{"charm":1,"quality":0.8},"comment":"sent again"},
             {"decision_id":"{{canary}}","class":"safety"},
             {"decision_id":"{{canary}}","class":"safety"},
             {"decision_id":"{{control}}","class":"ok"}]
            """);

        AssertJson.Equal("""{"received":5,"counted":2,"duplicates":2,"parked":0,"orphaned":0,"too_old":0,"outside":0,"over":0,"unused":1}""", answer.Body);
        Assert.Equal(1, _site.Evidence.SafetyViolations);
        Assert.Equal(1, Assert.Single(_site.Evidence.Left).Canary.Score("quality")!.Value.Count);

        await SendAsync("/api/v1/outcomes", $$"""[{"id":"found later","decision_id":"{{canary}}","class":"safety","safety_violations":2}]""");
        Assert.Equal(4, _site.Evidence.SafetyViolations);
    }

    [Fact]
    public async Task Half_a_character_is_a_fault_of_the_batch_like_any_other()
    {
        var decision = _site.Decision();
        Assert.Equal(["0 [0].id: id is a text of 1 to 256 whole characters"],
            await FaultsAsync("/api/v1/scores", $$"""[{"id":"\ud800","name":"quality","value":0.5,"decision_id":"{{decision}}"}]"""));
        Assert.Single(await FaultsAsync("/api/v1/outcomes", $$"""[{"decision_id":"{{decision}}","class":"ok","scores":{"\ud800":1} }]"""));
    }

    [Fact]
    public async Task A_bad_batch_is_refused_whole_with_every_fault_and_its_place()
    {
        var decision = _site.Decision();
        var faults = await FaultsAsync("/api/v1/scores", $$"""
            [{"id":"1","name":"quality","value":0.5,"decision_id":"{{decision}}"},
             {"name":"Quality!","value":"high","decision_id":"{{decision}}","response_id":"r"},
             {"id":"","value":1e9},
             7,
             {"id":"5","name":"quality","decision_id":"{{decision}}"}]
            """);

        Assert.Equal(
            [
                "1 [1].id: id is missing: it makes a report that is sent twice count once",
                "1 [1].name: 'Quality!' is no name of a score: 1 to 64 of a-z, 0-9, '.', '_' and '-'",
                "1 [1]: decision_id and response_id both name a request: send one of them",
                "1 [1].value: '\"high\"' is no figure: send a number from -10,000 to 10,000, or true or false",
                "2 [2].id: id is a text of 1 to 256 whole characters",
                "2 [2].name: name is missing: such as task_completion, user_satisfaction, or NAME of a check on score.NAME",
                "2 [2]: no request is named: send one of decision_id, response_id, conversation_id, task_id, trace_id",
                "2 [2].value: '1e9' is no figure: send a number from -10,000 to 10,000, or true or false",
                "3 [3]: an item is an object",
                "4 [4].value: value is missing: send a number, or true or false; a label alone cannot be compared",
            ],
            faults);
        Assert.Equal(ReportFate.Counted, _site.Take("1", decision));
    }

    [Fact]
    public async Task A_bad_outcome_is_refused_with_what_would_be_right()
    {
        var faults = await FaultsAsync("/api/v1/outcomes", """
            [{"decision_id":"d","class":"great","latency_ms":-1,"tokens":1e99,"safety_violations":1001,"scores":{"a":"b"}},{"task_id":5,"scores":[]}]
            """);

        Assert.Equal(["[0].class", "[0].latency_ms", "[0].tokens", "[0].safety_violations", "[0].scores.a", "[1].class", "[1].scores", "[1].task_id"], faults.Select(fault => fault.Split(' ')[1].TrimEnd(':')));
        Assert.Contains("error_upstream", faults[0], StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("nonsense")]
    [InlineData("")]
    [InlineData("{}")]
    [InlineData("""[{"id":"1","id":"2"}]""")]
    [InlineData("[[[[[[[[[[[[[[[[[[[[1]]]]]]]]]]]]]]]]]]]]")]
    public async Task What_is_no_batch_is_refused(string body) => Assert.Contains("send an array of objects", Assert.Single(await FaultsAsync("/api/v1/scores", body)), StringComparison.Ordinal);

    [Fact]
    public async Task A_batch_has_a_thousand_items_at_most()
    {
        Assert.Contains("send at most 1000 at once", Assert.Single(await FaultsAsync("/api/v1/scores", $"[{string.Join(',', Enumerable.Repeat("{}", 1001))}]")), StringComparison.Ordinal);
        Assert.Equal(413, (int)(await SendAsync("/api/v1/scores", $"[{new string(' ', 300_000)}]")).Status);
        Assert.Equal(415, (int)(await SendAsync("/api/v1/scores", "[]", "text/plain")).Status);
        Assert.Equal(202, (int)(await SendAsync("/api/v1/scores", "[]")).Status);
    }

    [Fact]
    public async Task What_became_of_reports_is_told_in_metrics()
    {
        _site.Take("1", _site.Decision());
        _site.Take("1", _site.Decision());
        _site.Intake.Take([ReportedSite.Score("2", new(JoinKind.Trace, "t"))]);
        await using var host = await AdminHost.StartAsync(new FakeRollouts(), services => services.AddSingleton(_site.Intake).AddSingleton(_site.Totals));
        using var client = new TestClient(host.Address);

        var page = (await client.SendAsync("GET", "/metrics")).Body;

        Assert.Contains("""agentcanary_reports_total{kind="score",fate="counted"} 1""", page, StringComparison.Ordinal);
        Assert.Contains("""agentcanary_reports_total{kind="score",fate="duplicate"} 1""", page, StringComparison.Ordinal);
        Assert.Contains("""agentcanary_reports_total{kind="outcome",fate="counted"} 0""", page, StringComparison.Ordinal);
        Assert.Contains("agentcanary_reports_parked 1", page, StringComparison.Ordinal);
    }
}
