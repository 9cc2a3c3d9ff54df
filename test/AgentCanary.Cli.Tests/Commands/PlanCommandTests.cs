using System.Text.Json;
using System.Text.Json.Nodes;
using AgentCanary.Testing;

namespace AgentCanary.Cli.Tests.Commands;

public sealed class PlanCommandTests : IDisposable
{
    private const string Rollout = """
        agent: support-agent
        stable: { version: v1, url: "http://127.0.0.1:1" }
        canary: { version: v2, url: "http://127.0.0.1:2" }
        analysis: { mode: sequential }
        stages:
          - { name: initial, weight: 5%, min_requests: 20, deadline: 6h, checks: [ "safety_violations == 0", "error_rate_delta < 0.01" ] }
          - { name: full, weight: 100% }

        """;

    private readonly string _directory = Directory.CreateTempSubdirectory("agentcanary-").FullName;

    [Fact]
    public async Task People_are_told_the_assumptions_the_stages_the_bad_canaries_and_what_to_know()
    {
        var result = await CliProcess.RunAsync(["plan", Write("a.yaml", Rollout), "--rate", "5/s"]);
        Assert.Equal((0, ""), (result.ExitCode, result.Error));
        foreach (var part in new[]
        {
            "support-agent: v1 to v2, 5 requests a second",
            "both versions are equal; error_rate 1 % (assumed: --baseline error_rate=…)",
            "a user sends one request (--requests-per-user)",
            "fast_failures: 10 failures in a row take an equal canary back in less than one of a million rollouts",
            "none in 20 requests of the stage: a rate above 14 % is excluded",
            "not more than 2 points worse than stable",
            "inside the margin: the stage may be left first",
            "Know before you start:",
        }) Assert.Contains(part, result.Output, StringComparison.Ordinal);
        Assert.Matches(@"\n  error_rate_delta < 0\.01 +2[5-9]0 ", result.Output);
        Assert.Matches(@"\n +5 % +2[0-4]0 canary requests ", result.Output);
    }

    [Fact]
    public async Task Programs_get_one_document_of_the_published_shape_and_nothing_else()
    {
        var result = await CliProcess.RunAsync(["plan", Write("a.yaml", Rollout), "--rate", "1/s", "--baseline", "error_rate=0.01", "--json"]);
        Assert.Equal((0, ""), (result.ExitCode, result.Error));
        var plan = JsonNode.Parse(result.Output)!;
        var stage = plan["stages"]![0]!;
        Assert.Equal(("initial", 500), (stage["name"]!.GetValue<string>(), stage["weight_bp"]!.GetValue<int>()));
        var check = stage["checks"]![1]!;
        Assert.Equal("error_rate_delta < 0.01", check["check"]!.GetValue<string>());
        Assert.InRange(check["samples_median"]!.GetValue<int>(), 220, 330);
        Assert.InRange(check["samples_p90"]!.GetValue<int>(), 514, 770);
        Assert.InRange(check["seconds_median"]!.GetValue<double>(), (check["samples_median"]!.GetValue<int>() * 20) - 20, check["samples_median"]!.GetValue<int>() * 20);
        Assert.True(check["decides_before_deadline"]!.GetValue<bool>());
        Assert.Equal(check["samples_median"]!.GetValue<int>(), stage["users_exposed"]!.GetValue<int>());
        Assert.Equal(check["seconds_median"]!.GetValue<double>(), plan["seconds_total_median"]!.GetValue<double>());
        Assert.Equal(JsonValueKind.Array, plan["warnings"]!.GetValueKind());
        Assert.Equal((500, 10000), (plan["stages"]![0]!["weight_bp"]!.GetValue<int>(), plan["stages"]![1]!["weight_bp"]!.GetValue<int>()));
    }

    [Fact]
    public async Task What_is_never_reached_is_null_for_programs()
    {
        var file = Write("a.yaml", Rollout.Replace("error_rate_delta < 0.01", "success_rate >= 0.99", StringComparison.Ordinal));
        var plan = JsonNode.Parse((await CliProcess.RunAsync(["plan", file, "--rate", "1/s", "--json"])).Output)!;
        Assert.Null(plan["seconds_total_median"]);
        Assert.Null(plan["stages"]![0]!["checks"]![1]!["samples_median"]);
        Assert.False(plan["stages"]![0]!["checks"]![1]!["decides_before_deadline"]!.GetValue<bool>());
        Assert.Contains(plan["warnings"]!.AsArray(), warning => warning!.GetValue<string>().Contains("is never left by itself, for 'success_rate >= 0.99'", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Twenty_five_requests_a_day_are_told_the_truth()
    {
        var result = await CliProcess.RunAsync(["plan", Write("a.yaml", Rollout), "--rate", "25/day", "--within", "24h"]);
        Assert.Equal((0, ""), (result.ExitCode, result.Error));
        foreach (var part in new[]
        {
            "support-agent: v1 to v2, 25 requests a day",
            "Within 1 d: nothing fits.",
            "25 requests come in 1 d: 12 for the canary at 50 %, 1 at the 5 % of stage 'initial'",
            "350 requests come in 14 d",
            "stage 'initial' cannot decide before its deadline of 6 h: 'error_rate_delta < 0.01' needs",
            "stage 'initial' cannot decide within 1 d at this rate",
        }) Assert.Contains(part, result.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Several_rollouts_are_planned_each_and_stay_one_document()
    {
        var file = Write("a.yaml", $"{Rollout}---\n{Rollout.Replace("support-agent", "other", StringComparison.Ordinal)}");
        var text = await CliProcess.RunAsync(["plan", file, "--rate", "5/s"]);
        Assert.Contains("support-agent: v1 to v2", text.Output, StringComparison.Ordinal);
        Assert.Contains("other: v1 to v2", text.Output, StringComparison.Ordinal);
        var plan = JsonNode.Parse((await CliProcess.RunAsync(["plan", file, "--rate", "5/s", "--json"])).Output)!;
        Assert.Equal(["support-agent", "other"], plan["rollouts"]!.AsArray().Select(rollout => rollout!["agent"]!.GetValue<string>()));
    }

    [Fact]
    public async Task Every_fault_of_the_options_and_of_the_file_is_told_at_once()
    {
        var file = Write("a.yaml", Rollout.Replace("weight: 5%", "weight: 5", StringComparison.Ordinal));
        var result = await CliProcess.RunAsync(
            ["plan", file, "--rate", "5", "--baseline", "eror_rate=0.01,p95_latency=800", "--within", "soon", "--requests-per-user", "0", "--cohort-share", "200%", "--json"]);
        Assert.Equal((2, ""), (result.ExitCode, result.Output));
        Assert.Equal($"""
            {file}:6:30: stages[0].weight: '5' is not a fraction of 0 to 1: write 5% for per cent
            --rate: '5' has no unit: write 5/s, /min, /h or /day
            --baseline: 'eror_rate' is not a metric: did you mean 'error_rate'?
            --baseline: p95_latency: '800' needs a unit of time: write 800ms, 800s or 800m
            --within is 'soon': write a time such as 90m, 24h or 14d.
            --requests-per-user is '0': write a number of 1 to 1,000,000.
            --cohort-share is '200%': write a share above 0 and below 1, such as 10% or 0.1.

            """, result.Error);
    }

    [Fact]
    public async Task Without_a_rate_and_without_a_file_there_is_nothing_to_plan()
    {
        var result = await CliProcess.RunAsync(["plan", Path.Combine(_directory, "missing.yaml")]);
        Assert.Equal((2, ""), (result.ExitCode, result.Output));
        Assert.Contains("there is no such file: check the path", result.Error, StringComparison.Ordinal);
        Assert.Contains("--rate is missing: say how many requests the agent gets, such as --rate 5/s or --rate 25/day.", result.Error, StringComparison.Ordinal);
    }

    public void Dispose() => Directory.Delete(_directory, recursive: true);

    private string Write(string name, string text)
    {
        var file = Path.Combine(_directory, name);
        File.WriteAllText(file, text);
        return file;
    }
}
