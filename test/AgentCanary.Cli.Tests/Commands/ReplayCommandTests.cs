using System.Text.Json.Nodes;
using AgentCanary.Testing;

namespace AgentCanary.Cli.Tests.Commands;

public sealed class ReplayCommandTests : IDisposable
{
    private const string Rollout = """
        agent: support-agent
        stable: { version: v1, url: "http://127.0.0.1:1" }
        canary: { version: v2, url: "http://127.0.0.1:2" }
        analysis: { mode: sequential }
        stages:
          - { name: first, weight: 20%, bake: 1h, checks: [ "error_rate_delta < 0.05" ] }
          - { name: full, weight: 100%, checks: [] }

        """;

    private static readonly string Repository = FindRepository();

    private readonly string _directory = Directory.CreateTempSubdirectory("agentcanary-").FullName;

    [Fact]
    public async Task The_example_of_the_documents_prints_what_they_show()
    {
        var page = await File.ReadAllTextAsync(Path.Combine(Repository, "docs", "replay.md"));
        var example = page.Split("```console\n$ agentcanary replay ")[1].Split("```")[0];
        var (command, expected) = (example[..example.IndexOf('\n', StringComparison.Ordinal)], example[(example.IndexOf('\n', StringComparison.Ordinal) + 1)..]);
        var result = await CliProcess.RunAsync(["replay", .. command.Split(' ').Select(word => word.Contains('/', StringComparison.Ordinal) ? Path.Combine(Repository, word) : word)]);
        Assert.Equal((0, "", expected), (result.ExitCode, result.Error, result.Output));
    }

    [Fact]
    public async Task Json_is_one_document_of_the_end_and_every_decision_with_its_checks()
    {
        var result = await CliProcess.RunAsync(["replay", Write("r.yaml", Rollout), Write("t.ndjson", Trace(failing: true)), "--json"]);
        Assert.Equal((0, ""), (result.ExitCode, result.Error));
        var document = JsonNode.Parse(result.Output)!;
        var (end, decision) = (document["final"]!, Assert.Single(document["decisions"]!.AsArray())!);
        Assert.Equal(("RolledBack", 0), (end["phase"]!.GetValue<string>(), end["stage"]!.GetValue<int>()));
        Assert.Equal(end["t"]!.GetValue<double>(), decision["t"]!.GetValue<double>());
        Assert.Equal(("RollBack", 0, end["reason"]!.GetValue<string>()), (decision["decision"]!.GetValue<string>(), decision["from_stage"]!.GetValue<int>(), decision["reason"]!.GetValue<string>()));
        var (requests, failures) = (end["canary_requests"]!.GetValue<int>(), end["canary_failures"]!.GetValue<int>());
        Assert.Equal((requests + 1) / 2, failures); // every other one fails, the first one too
        var check = Assert.Single(decision["checks"]!.AsArray())!;
        Assert.Equal(("error_rate_delta < 0.05", "Fail"), (check["check"]!.GetValue<string>(), check["verdict"]!.GetValue<string>()));
        Assert.InRange(check["n_canary"]!.GetValue<int>(), 1, requests);
        Assert.InRange(check["n_control"]!.GetValue<int>(), 4, 4 * requests);
        Assert.InRange(check["e_value"]!.GetValue<double>(), 100, double.MaxValue);
        Assert.InRange(check["canary"]!.GetValue<double>(), check["low"]!.GetValue<double>(), check["high"]!.GetValue<double>());
        Assert.Equal(0, check["control"]!.GetValue<double>());
    }

    [Theory]
    [InlineData]
    [InlineData("--json")]
    public async Task The_same_trace_gives_the_same_bytes_in_whatever_order_its_lines_stand(params string[] options)
    {
        var (rollout, lines) = (Write("r.yaml", Rollout), Trace(failing: true).Split('\n'));
        var ordered = await CliProcess.RunAsync(["replay", rollout, Write("t.ndjson", string.Join('\n', lines)), .. options]);
        new Random(3).Shuffle(lines);
        var shuffled = await CliProcess.RunAsync(["replay", rollout, Write("t.ndjson", string.Join('\n', lines)), .. options]);
        Assert.Equal(0, ordered.ExitCode);
        Assert.NotEmpty(ordered.Output);
        Assert.Equal(ordered.Output, shuffled.Output);
    }

    [Fact]
    public async Task Every_fault_of_both_files_is_told_at_once_with_its_line()
    {
        var (rollout, trace) = (Write("r.yaml", Rollout.Replace("20%", "20", StringComparison.Ordinal)), Write("t.ndjson", """
            {"t":1,"arm":"canary"}
            {"t":-1,"arm":"canry"}

            {"t":2
            """));
        var result = await CliProcess.RunAsync(["replay", rollout, trace]);
        Assert.Equal((2, ""), (result.ExitCode, result.Output));
        Assert.Equal($"""
            {rollout}:6:28: stages[0].weight: '20' is not a fraction of 0 to 1: write 20% for per cent
            {trace}:2: t is -1, outside 0 to 315,360,000
            {trace}:2: arm is 'canry', not one of canary, control, outside
            {trace}:4: the line is no JSON from byte 7 on

            """, result.Error);
    }

    [Fact]
    public async Task Of_very_many_faults_the_first_twenty_are_told_and_the_others_counted()
    {
        var result = await CliProcess.RunAsync(["replay", Write("r.yaml", Rollout), Write("t.ndjson", string.Concat(Enumerable.Repeat("{}\n", 5_000)))]);
        Assert.Equal((2, ""), (result.ExitCode, result.Output));
        Assert.Equal(21, result.Error.Split('\n', StringSplitOptions.RemoveEmptyEntries).Length);
        Assert.EndsWith("t.ndjson: and 9980 more faults\n", result.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_trace_comes_from_standard_input_too()
    {
        using var process = CliProcess.Start(["replay", Write("r.yaml", Rollout), "-"]);
        await process.WriteAsync(Trace(failing: false));
        var result = await process.EndAsync();
        Assert.Equal((0, ""), (result.ExitCode, result.Error));
        Assert.Contains("Note: the trace ended before the rollout did.", result.Output, StringComparison.Ordinal);
        Assert.Contains("Progressing at ", result.Output.TrimEnd().Split('\n')[^1], StringComparison.Ordinal);
    }

    [Fact]
    public async Task Lines_of_other_agents_are_left_out_unless_they_are_asked_for()
    {
        var trace = Write("t.ndjson", Trace(failing: false) + Trace(failing: true).Replace("\"arm\"", "\"agent\":\"sales\",\"arm\"", StringComparison.Ordinal));
        var own = await CliProcess.RunAsync(["replay", Write("r.yaml", Rollout), trace]);
        Assert.Contains("Note: left out, for they are of other agents (sales): 600 of the trace's outcomes.", own.Output, StringComparison.Ordinal);
        Assert.Contains("Progressing at ", own.Output, StringComparison.Ordinal);

        var both = Write("both.yaml", Rollout + "---\n" + Rollout.Replace("support-agent", "sales", StringComparison.Ordinal));
        Assert.Contains("RolledBack at ", (await CliProcess.RunAsync(["replay", both, trace, "--agent", "sales"])).Output, StringComparison.Ordinal);
        var unclear = await CliProcess.RunAsync(["replay", both, trace]);
        Assert.Equal((2, $"{both}: the file has the rollouts of support-agent, sales: choose one with --agent NAME\n"), (unclear.ExitCode, unclear.Error));
    }

    [Fact]
    public async Task A_trace_of_other_agents_alone_is_refused_with_their_names()
    {
        var trace = Write("t.ndjson", """{"t":1,"arm":"canary","agent":"sales"}""");
        var result = await CliProcess.RunAsync(["replay", Write("r.yaml", Rollout), trace]);
        Assert.Equal((2, $"{trace}: no outcome is of agent 'support-agent', all are of others (sales): choose one with --agent NAME\n"), (result.ExitCode, result.Error));
    }

    [Fact]
    public async Task What_is_assumed_is_said()
    {
        var rollout = Write("r.yaml", Rollout.Replace("bake: 1h", "bake: 1h, approval: true", StringComparison.Ordinal) + "health: { path: /healthz }\n");
        var result = await CliProcess.RunAsync(["replay", rollout, Write("t.ndjson", """{"t":7200,"arm":"control"}""")]);
        Assert.Equal(
        [
            "Note: the approval of 'first' is taken as given the moment that it is asked for.",
            "Note: health is left out: a trace says nothing of probes.",
            "Note: the first request starts after 2 h: the rollout is taken to begin at 0, so stages last and deadlines pass before it.",
            "Note: without latency_ms, so taken as ended at once: 1 of the trace's outcomes.",
            "Note: the trace ended before the rollout did.",
        ], result.Output.Split('\n').Where(line => line.StartsWith("Note", StringComparison.Ordinal)));
    }

    [Theory]
    [InlineData("--tick is '1': write a time such as 90s, 15m or 1h.", "--tick", "1")]
    [InlineData("--tick is '1ms': write 100ms to 1h.", "--tick", "1ms")]
    [InlineData("--tick is '2h': write 100ms to 1h.", "--tick", "2h")]
    [InlineData("t.ndjson: --tick is 1s, too short for a request of 1d: write --tick 2s or longer")]
    public async Task A_tick_that_does_not_fit_is_refused_with_what_would(string said, params string[] options)
    {
        var result = await CliProcess.RunAsync(["replay", Write("r.yaml", Rollout), Write("t.ndjson", """{"t":0,"arm":"canary","latency_ms":86400000}"""), .. options]);
        Assert.Equal((2, ""), (result.ExitCode, result.Output));
        Assert.Contains(said, result.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_trace_that_is_not_there_is_told_beside_the_faults_of_the_rollout()
    {
        var result = await CliProcess.RunAsync(["replay", Path.Combine(_directory, "no.yaml"), Path.Combine(_directory, "no.ndjson")]);
        Assert.Equal(2, result.ExitCode);
        Assert.Contains("no.yaml:1:1: there is no such file: check the path\n", result.Error, StringComparison.Ordinal);
        Assert.Contains("no.ndjson: there is no such file: check the path, or make one with agentcanary serve --record FILE\n", result.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Nothing_of_a_trace_moves_the_cursor_of_a_terminal()
    {
        var result = await CliProcess.RunAsync(["replay", Write("r.yaml", Rollout), Write("t.ndjson", """{"t":1,"arm":"\u001b[2J\u202e"}""")]);
        Assert.Equal(2, result.ExitCode);
        Assert.DoesNotContain('\u001b', result.Error);
        Assert.DoesNotContain('\u202e', result.Error);
    }

    public void Dispose() => Directory.Delete(_directory, recursive: true);

    // Ten requests a second for a minute, one in five on the canary, every other of which fails.
    private static string Trace(bool failing) => string.Concat(Enumerable.Range(0, 600).Select(i => FormattableString.Invariant(
        $"{{\"t\":{i / 10.0},\"arm\":\"{(i % 5 == 0 ? "canary" : "control")}\",\"key\":\"user-{i}\",\"class\":\"{(failing && i % 10 == 0 ? "error_upstream" : "ok")}\",\"latency_ms\":250}}\n")));

    private static string FindRepository()
    {
        var directory = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(directory.FullName, "AgentCanary.slnx"))) directory = directory.Parent ?? throw new DirectoryNotFoundException("The tests do not run inside the repository.");
        return directory.FullName;
    }

    private string Write(string name, string text)
    {
        var file = Path.Combine(_directory, name);
        File.WriteAllText(file, text);
        return file;
    }
}
