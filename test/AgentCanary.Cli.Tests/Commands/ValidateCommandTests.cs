using System.Text;
using System.Text.Json.Nodes;
using AgentCanary.Testing;

namespace AgentCanary.Cli.Tests.Commands;

public sealed class ValidateCommandTests : IDisposable
{
    private const string Good = """
        agent: support-agent
        stable: { version: v1, url: "http://127.0.0.1:1" }
        canary: { version: v2, url: "http://127.0.0.1:2" }
        stages:
          - { name: first, weight: 5%, bake: 30m, checks: [ "error_rate < 0.05" ] }
          - { name: full, weight: 100%, checks: [] }

        """;

    private readonly string _directory = Directory.CreateTempSubdirectory("agentcanary-").FullName;

    [Fact]
    public async Task An_accepted_file_gives_0_and_says_what_was_accepted()
    {
        var result = await CliProcess.RunAsync(["validate", Write("a.yaml", Good)]);
        Assert.Equal((0, ""), (result.ExitCode, result.Error));
        Assert.Equal("""
            support-agent: v1 to v2 in 2 stages
              first: 5 %, 30m at least, 1 check: error_rate < 0.05
              full: 100 %, no checks
            1 rollout accepted.

            """, result.Output);
    }

    [Fact]
    public async Task A_file_that_may_not_do_what_was_meant_is_accepted_with_a_warning()
    {
        var file = Write("a.yaml", Good + "exclude: [ vip ]\n");
        var result = await CliProcess.RunAsync(["validate", file]);
        Assert.Equal((0, "Warning: support-agent: exclude: no cohort 'vip' is defined, so nobody is excluded by it: define it under cohorts, or take it out\n"), (result.ExitCode, result.Error));
        Assert.Contains("1 rollout accepted.", result.Output, StringComparison.Ordinal);
        var json = JsonNode.Parse((await CliProcess.RunAsync(["validate", "--json", file])).Output)!;
        Assert.Contains("'vip'", (string)json["rollouts"]![0]!["warnings"]![0]!, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_shadow_stage_in_which_nothing_is_judged_is_not_said_to_have_checks()
    {
        var result = await CliProcess.RunAsync(["validate", Write("a.yaml", Good.Replace("weight: 5%, bake: 30m, checks: [ \"error_rate < 0.05\" ]", "weight: 0, shadow: 20%, bake: 30m", StringComparison.Ordinal))]);
        Assert.Equal(0, result.ExitCode);
        Assert.Contains("stage 'first' judges nothing", result.Error, StringComparison.Ordinal);
        Assert.Contains("  first: 0 %, 20 % as a shadow, 30m at least, nothing is judged\n", result.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_refused_file_gives_2_and_every_fault_with_its_place_on_standard_error_alone()
    {
        var file = Write("a.yaml", Good.Replace("weight: 5%, bake: 30m", "weight: 5, bake: 30", StringComparison.Ordinal) + "rescu: off\n");
        var result = await CliProcess.RunAsync(["validate", file]);
        Assert.Equal((2, ""), (result.ExitCode, result.Output));
        Assert.Equal($"""
            {file}:5:28: stages[0].weight: '5' is not a fraction of 0 to 1: write 5% for per cent
            {file}:5:37: stages[0].bake: '30' has no unit: write 30s or 30m
            {file}:7:1: rescu: unknown key: did you mean 'rescue'?
            3 faults; nothing is accepted.

            """, result.Error);
    }

    [Fact]
    public async Task One_bad_file_among_good_ones_refuses_all_and_a_missing_one_hides_nothing()
    {
        var (good, bad, missing) = (Write("good.yaml", Good), Write("bad.yaml", "agent: 1 2"), Path.Combine(_directory, "missing.yaml"));
        var result = await CliProcess.RunAsync(["validate", good, bad, missing, _directory]);
        Assert.Equal((2, ""), (result.ExitCode, result.Output));
        Assert.Contains($"{missing}:1:1: there is no such file: check the path\n", result.Error, StringComparison.Ordinal);
        Assert.Contains($"{_directory}:1:1: this is a directory: name a file in it\n", result.Error, StringComparison.Ordinal);
        Assert.Contains($"{bad}:1:8: agent: '1 2' is not an agent's name", result.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Json_is_one_document_for_accepted_and_for_refused_files()
    {
        var good = await CliProcess.RunAsync(["validate", "--json", Write("a.yaml", Good)]);
        Assert.Equal((0, ""), (good.ExitCode, good.Error));
        AssertJson("""
            {"valid":true,"rollouts":[{"agent":"support-agent","stable":"v1","canary":"v2","stages":[
              {"name":"first","weight_bp":500,"bake_seconds":1800,"min_requests":50,"checks":["error_rate < 0.05"]},
              {"name":"full","weight_bp":10000,"bake_seconds":0,"min_requests":50,"checks":[]}],"warnings":[]}],"faults":[]}
            """, good.Output);
        Assert.Contains("error_rate < 0.05", good.Output, StringComparison.Ordinal);

        var file = Write("b.yaml", Good + "rescue: never\n");
        var bad = await CliProcess.RunAsync(["validate", file, "--json"]);
        Assert.Equal((2, ""), (bad.ExitCode, bad.Error));
        AssertJson($$"""
            {"valid":false,"rollouts":[],"faults":[{"file":"{{file}}","line":7,"column":9,"path":"rescue",
              "message":"'never' is not one of off, connect, before-first-byte"}]}
            """, bad.Output);
    }

    [Fact]
    public async Task A_reference_to_a_secret_is_accepted_where_nothing_is_served_and_refused_by_a_server_that_lacks_it()
    {
        var file = Write("a.yaml", Good.Replace(":2\" }", ":2\", headers: { authorization: \"env:AGENTCANARY_NO_SUCH\" } }", StringComparison.Ordinal));
        Assert.Equal(0, (await CliProcess.RunAsync(["validate", file])).ExitCode);

        var served = await CliProcess.RunAsync(
            ["serve", "-f", file, "--data-dir", Path.Combine(_directory, "data"), "--listen", "http://127.0.0.1:0", "--admin", "http://127.0.0.1:0"]);
        Assert.Equal((2, ""), (served.ExitCode, served.Output));
        Assert.Contains("support-agent: canary.headers.authorization: env:AGENTCANARY_NO_SUCH is not set", served.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData]
    [InlineData("validate")]
    [InlineData("validate", "--frob")]
    [InlineData("frobnicate")]
    public async Task A_wrong_command_line_gives_2_and_says_where_help_is(params string[] arguments)
    {
        var result = await CliProcess.RunAsync(arguments);
        Assert.Equal((2, ""), (result.ExitCode, result.Output));
        Assert.Contains("--help.", result.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("--help", "validate")]
    [InlineData("validate --help", "agentcanary validate <FILE>...")]
    [InlineData("--version", "0.")]
    public async Task Help_and_version_give_0_on_standard_out(string arguments, string expected)
    {
        var result = await CliProcess.RunAsync(arguments.Split(' '));
        Assert.Equal((0, ""), (result.ExitCode, result.Error));
        Assert.Contains(expected, result.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Nothing_of_a_file_moves_the_cursor_of_a_terminal()
    {
        var escape = '\u001b';
        var file = Write($"a{escape}[2J.yaml", Good + "\"a\\e[2Jb\\u202ec\": 1\nhost: \"x\\e]0;t\\a\"\n");
        var result = await CliProcess.RunAsync(["validate", file]);
        Assert.Equal(2, result.ExitCode);
        Assert.DoesNotContain(escape, result.Error);
        Assert.DoesNotContain('\u202e', result.Error);
        Assert.Contains("a\\u001b[2J.yaml:7:1:", result.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task There_is_no_colour_where_there_is_no_terminal()
    {
        var result = await CliProcess.RunAsync(["validate", Write("a.yaml", "x: 1")], ("NO_COLOR", "1"), ("TERM", "xterm-256color"));
        Assert.DoesNotContain('\u001b', result.Output + result.Error);
    }

    [Fact]
    public async Task A_nesting_bomb_is_refused_and_ends_no_process()
    {
        var result = await CliProcess.RunAsync(["validate", Write("a.yaml", new string('[', 40_000))]);
        Assert.Equal(2, result.ExitCode);
        Assert.Contains(":1:513: more than 512 brackets are open here: at most 32 levels are allowed", result.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_file_without_end_is_refused_without_being_read_to_its_end()
    {
        if (!File.Exists("/dev/zero")) return;
        var result = await CliProcess.RunAsync(["validate", "/dev/zero"]);
        Assert.Equal(2, result.ExitCode);
        Assert.Contains("/dev/zero:1:1: the file has more than 262144 bytes: write less, or several files", result.Error, StringComparison.Ordinal);
    }

    public void Dispose() => Directory.Delete(_directory, recursive: true);

    private static void AssertJson(string expected, string actual) =>
        Assert.True(JsonNode.DeepEquals(JsonNode.Parse(expected), JsonNode.Parse(actual)), actual);

    private string Write(string name, string text)
    {
        var file = Path.Combine(_directory, name);
        File.WriteAllText(file, text, new UTF8Encoding(encoderShouldEmitUTF8Identifier: false));
        return file;
    }
}
