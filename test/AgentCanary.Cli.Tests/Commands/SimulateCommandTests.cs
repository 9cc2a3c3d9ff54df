using System.Text.Json.Nodes;
using AgentCanary.Testing;

namespace AgentCanary.Cli.Tests.Commands;

public sealed class SimulateCommandTests : IDisposable
{
    private const string Rollout = """
        agent: support-agent
        stable: { version: v1, url: "http://127.0.0.1:1" }
        canary: { version: v2, url: "http://127.0.0.1:2" }
        stages:
          - { name: first, weight: 20%, bake: 1m, checks: [ "error_rate_increase < 0.1" ] }
          - { name: full, weight: 100%, checks: [] }
        analysis: { mode: sequential }

        """;

    private readonly string _directory = Directory.CreateTempSubdirectory("agentcanary-").FullName;

    [Fact]
    public async Task The_document_has_the_fields_of_the_contract_and_null_for_what_never_happened()
    {
        var bad = Json(await RunAsync("--rate", "20/s", "--stable", "error_rate=0.01", "--canary", "error_rate=0.5", "--for", "1h", "--runs", "12", "--seed", "3", "--json"));
        Assert.Equal((12, 3, 0.0, 1.0, 0.0), ((int)bad["runs"]!, (int)bad["seed"]!, (double)bad["completed"]!, (double)bad["rolled_back"]!, (double)bad["undecided"]!));
        foreach (var name in new[] { "canary_requests_to_rollback", "canary_failures_to_rollback", "seconds_to_rollback" })
            Assert.All(["mean", "median", "p90"], figure => Assert.InRange((double)bad[name]![figure]!, 1, 1000));
        Assert.Null(bad["seconds_to_completion"]);
        Assert.True(bad.ContainsKey("seconds_to_completion"));
        Assert.Equal(["first", "full"], bad["stages"]!.AsArray().Select(stage => (string)stage!["name"]!));

        var good = Json(await RunAsync("--rate", "20/s", "--stable", "error_rate=0.01", "--for", "1h", "--runs", "6", "--json"));
        Assert.Equal(1, (double)good["completed"]!);
        Assert.Null(good["canary_requests_to_rollback"]);
        Assert.InRange((double)good["seconds_to_completion"]!["median"]!, 60, 3600);
    }

    [Fact]
    public async Task The_same_seed_repeats_every_digit()
    {
        string[] arguments = ["--rate", "20/s", "--canary", "error_rate=0.2", "--runs", "6", "--for", "10m"];
        var first = await RunAsync([.. arguments, "--seed", "7"]);
        Assert.Equal(first.Output, (await RunAsync([.. arguments, "--seed", "7"])).Output);
        Assert.NotEqual(first.Output, (await RunAsync([.. arguments, "--seed", "8"])).Output);
    }

    [Fact]
    public async Task The_table_tells_how_it_ended_what_it_took_and_what_no_test_can_do()
    {
        var result = await RunAsync("--rate", "20/s", "--stable", "error_rate=0.01", "--canary", "error_rate=0.2", "--runs", "6");
        Assert.Equal((0, ""), (result.ExitCode, result.Error));
        Assert.StartsWith("support-agent  v1 -> v2, 6 rollouts of at most 24.0 h at 20 requests/s; errors 1 % on stable, 20 % on canary; seed 1\n", result.Output, StringComparison.Ordinal);
        Assert.Matches("AgentCanary +100\\.0 % +0\\.0 % +0\\.0 % +0\\.0 % +0\\.0 % +-", result.Output);
        Assert.Contains("canary requests on average (Wald); these took ", result.Output, StringComparison.Ordinal);
        Assert.Contains("6 rollouts show shares roughly: 100.0 % rolled back means 61.0 % to 100.0 % (95 % confidence).\n", result.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Every_fault_of_the_file_the_lists_and_the_options_is_told_at_once()
    {
        var result = await RunAsync(Rollout.Replace("20%", "20", StringComparison.Ordinal), ["--rate", "5", "--stable", "eror_rate=1", "--canary", "late=x", "--both", "icc=0.1", "--for", "3", "--runs", "0", "--seed", "-1", "--users", "many"]);
        Assert.Equal((2, ""), (result.ExitCode, result.Output));
        Assert.Equal(8, result.Error.TrimEnd().Split('\n').Length);
        foreach (var fault in (string[])
            [":5:28: stages[0].weight: '20' is not a fraction of 0 to 1", "--rate: '5' has no unit", "--stable: 'eror_rate' is not a metric", "--canary: late: 'x'", "--for is '3'", "--runs is '0'", "--seed is '-1'", "--users is 'many'"])
            Assert.Contains(fault, result.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Peers_stand_beside_this_product_on_the_same_requests()
    {
        string[] arguments = ["--rate", "20/s", "--stable", "error_rate=0.01", "--canary", "error_rate=0.5", "--for", "1h", "--runs", "6"];
        var result = Json(await RunAsync([.. arguments, "--against", "argo,kayenta", "--json"]));
        Assert.Equal(["argo", "kayenta"], result["against"]!.AsObject().Select(peer => peer.Key));
        Assert.Equal(1, (double)result["against"]!["argo"]!["missed"]!); // it measures every five minutes, and one is enough here
        Assert.InRange((double)result["times_wald_bound"]!, 0.5, 4);
        var alone = Json(await RunAsync([.. arguments, "--json"]));
        Assert.Null(alone["against"]);
        Assert.Equal(alone["canary_requests_to_rollback"]!.ToJsonString(), result["canary_requests_to_rollback"]!.ToJsonString());

        var table = await RunAsync([.. arguments, "--against", "all"]);
        Assert.Matches("(?s)AgentCanary +100\\.0 %.*agent-canary \\(Python\\) .*Flagger .*Argo Rollouts .*Kayenta .*Note: Flagger: interval 1m", table.Output);
    }

    [Fact]
    public async Task Several_canaries_are_told_one_after_the_other()
    {
        string[] arguments = ["--rate", "20/s", "--stable", "error_rate=0.01", "--canary", "", "--canary", "error_rate=0.5", "--for", "1h", "--runs", "4"];
        var canaries = Json(await RunAsync([.. arguments, "--json"]))["canaries"]!.AsArray();
        Assert.Equal([("", 0.0), ("error_rate=0.5", 1.0)], canaries.Select(canary => ((string)canary!["canary"]!, (double)canary["rolled_back"]!)));
        Assert.Matches("(?s)errors 1 % on stable, 1 % on canary.*errors 1 % on stable, 50 % on canary", (await RunAsync(arguments)).Output);
    }

    [Fact]
    public async Task An_unknown_peer_and_a_bad_canary_are_told_once_each()
    {
        var result = await RunAsync("--rate", "5/s", "--stable", "eror_rate=1", "--canary", "late=x", "--canary", "late=y", "--against", "flager");
        Assert.Equal((2, 4), (result.ExitCode, result.Error.TrimEnd().Split('\n').Length));
        Assert.Contains("--against: there is no peer 'flager': did you mean 'flagger'?", result.Error, StringComparison.Ordinal);
        Assert.Contains("--canary is given 11 times: at most 10", (await RunAsync(["--rate", "5/s", .. Enumerable.Repeat("--canary=late=1m", 11)])).Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_traffic_must_be_named() =>
        Assert.Equal((2, "", "--rate is missing: write how many requests the agent gets, such as --rate 20/s\n"), await RunAsync() switch { var result => (result.ExitCode, result.Output, result.Error) });

    [Fact]
    public async Task A_file_of_several_rollouts_asks_which_one()
    {
        var both = Rollout + "---\n" + Rollout.Replace("support-agent", "sales-agent", StringComparison.Ordinal);
        var result = await RunAsync(both, ["--rate", "5/s"]);
        Assert.Equal(2, result.ExitCode);
        Assert.Contains("the file has the rollouts of support-agent, sales-agent: choose one with --agent NAME", result.Error, StringComparison.Ordinal);
        Assert.Contains("there is no rollout of agent 'nobody'", (await RunAsync(both, ["--rate", "5/s", "--agent", "nobody"])).Error, StringComparison.Ordinal);
        Assert.StartsWith("sales-agent ", (await RunAsync(both, ["--rate", "20/s", "--agent", "sales-agent", "--canary", "error_rate=1", "--runs", "1"])).Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_the_reader_must_know_is_noted()
    {
        var file = Rollout.Replace("checks: [ \"error", "approval: true, cohorts: [ staff ], checks: [ cost_per_request < 1, \"error", StringComparison.Ordinal) + "cohorts: { staff: { header:x: { present: true } } }\n";
        var result = await RunAsync(file, ["--rate", "50/s", "--canary", "error_rate=1", "--runs", "1", "--for", "10m"]);
        Assert.Contains("Note: nothing feeds cost_per_request, so a check on it never has a verdict: give it in --stable, such as cost_per_request=0.004.\n", result.Output, StringComparison.Ordinal);
        Assert.Contains("Note: approvals are taken as given at once.\n", result.Output, StringComparison.Ordinal);
        Assert.Contains("Note: each cohort is taken as 10 % of the users.\n", result.Output, StringComparison.Ordinal);
    }

    public void Dispose() => Directory.Delete(_directory, recursive: true);

    private Task<CliResult> RunAsync(params string[] options) => RunAsync(Rollout, options);

    private Task<CliResult> RunAsync(string rollout, string[] options)
    {
        var file = Path.Combine(_directory, "rollout.yaml");
        File.WriteAllText(file, rollout);
        return CliProcess.RunAsync(["simulate", file, .. options]);
    }

    private static JsonObject Json(CliResult result)
    {
        Assert.Equal((0, ""), (result.ExitCode, result.Error));
        return JsonNode.Parse(result.Output)!.AsObject();
    }
}
