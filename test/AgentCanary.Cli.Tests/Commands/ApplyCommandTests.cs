using System.Text.Json.Nodes;
using AgentCanary.Testing;

namespace AgentCanary.Cli.Tests.Commands;

public sealed class ApplyCommandTests : IDisposable
{
    private readonly string _directory = Directory.CreateTempSubdirectory("agentcanary-").FullName;

    [Fact]
    public async Task A_file_starts_its_rollout()
    {
        var rollouts = new FakeRollouts();
        await using var host = await AdminHost.StartAsync(rollouts);

        var result = await RunAsync(host, "apply", "-f", Write("a.yaml", FakeRollouts.File()));

        Assert.Equal((0, ""), (result.ExitCode, result.Error));
        Assert.StartsWith("support-agent: Progressing, stage 1 of 3 (s1), 5 % canary, revision 1", result.Output, StringComparison.Ordinal);
        Assert.Equal("v1.1.0", Assert.Single(rollouts.Snapshots).State.Spec.Canary.Version);
    }

    [Fact]
    public async Task Several_files_and_several_documents_start_every_rollout_and_print_one_document()
    {
        var rollouts = new FakeRollouts();
        await using var host = await AdminHost.StartAsync(rollouts);
        var both = Write("both.yaml", $"# first\n---\n{FakeRollouts.File("ant")}---\r\n{FakeRollouts.File("bee")}...\n");

        var result = await RunAsync(host, "apply", "-f", both, "-f", Write("c.yaml", FakeRollouts.File("cat")), "--json");

        Assert.Equal((0, ""), (result.ExitCode, result.Error));
        Assert.Equal(["ant", "bee", "cat"], JsonNode.Parse(result.Output)!.AsArray().Select(rollout => rollout!["agent"]!.GetValue<string>()));
        Assert.Equal(["ant", "bee", "cat"], rollouts.Snapshots.Select(snapshot => snapshot.State.Agent));
    }

    [Fact]
    public async Task Every_fault_of_every_file_is_told_and_nothing_takes_effect()
    {
        var rollouts = new FakeRollouts();
        await using var host = await AdminHost.StartAsync(rollouts);
        var bad = Write("bad.yaml", FakeRollouts.File().Replace("weight: 5%", "weight: 5, wieght: 1", StringComparison.Ordinal));
        var missing = Path.Combine(_directory, "missing.yaml");

        var result = await RunAsync(host, "apply", "-f", Write("good.yaml", FakeRollouts.File("good")), "-f", bad, "-f", missing);

        Assert.Equal((2, ""), (result.ExitCode, result.Output));
        Assert.Equal(
            [
                $"{missing}:1:1: there is no such file: check the path",
                $"{bad}:5:25: stages[0].weight: '5' is not a fraction of 0 to 1: write 5% for per cent",
                $"{bad}:5:28: stages[0].wieght: unknown key: did you mean 'weight'?",
            ],
            result.Error.Split('\n', StringSplitOptions.RemoveEmptyEntries));
        Assert.Empty(rollouts.Snapshots);
    }

    [Fact]
    public async Task Other_stages_of_running_versions_are_4_unless_they_supersede()
    {
        await using var host = await AdminHost.StartAsync(new FakeRollouts());
        await RunAsync(host, "apply", "-f", Write("a.yaml", FakeRollouts.File(stages: 3)));
        var other = Write("b.yaml", FakeRollouts.File(stages: 4));

        var (refused, superseded) = (await RunAsync(host, "apply", "-f", other), await RunAsync(host, "apply", "-f", other, "--supersede", "--json"));

        Assert.Equal((4, ""), (refused.ExitCode, refused.Output));
        Assert.Contains("use --supersede", refused.Error, StringComparison.Ordinal);
        Assert.Equal((0, 2), (superseded.ExitCode, JsonNode.Parse(superseded.Output)!["attempt"]!.GetValue<int>()));
    }

    [Fact]
    public async Task A_stale_revision_is_4_and_a_revision_of_several_rollouts_is_2()
    {
        await using var host = await AdminHost.StartAsync(new FakeRollouts());
        var file = Write("a.yaml", FakeRollouts.File());

        Assert.Equal(4, (await RunAsync(host, "apply", "-f", file, "--revision", "3")).ExitCode);
        Assert.Equal(2, (await RunAsync(host, "apply", "-f", file, "-f", Write("b.yaml", FakeRollouts.File("other")), "--revision", "3")).ExitCode);
    }

    [Fact]
    public async Task Standard_input_is_a_file_too()
    {
        var rollouts = new FakeRollouts();
        await using var host = await AdminHost.StartAsync(rollouts);
        using var process = CliProcess.Start(["apply", "-f", "-", "--server", host.Address.ToString()]);

        await process.WriteAsync(FakeRollouts.File());

        Assert.Equal(0, (await process.EndAsync()).ExitCode);
        Assert.Single(rollouts.Snapshots);
    }

    [Fact]
    public async Task A_server_that_is_not_there_is_3() =>
        Assert.Equal(3, (await CliProcess.RunAsync(["apply", "-f", Write("a.yaml", FakeRollouts.File()), "--server", "http://127.0.0.1:9"])).ExitCode);

    public void Dispose() => Directory.Delete(_directory, recursive: true);

    private static Task<CliResult> RunAsync(AdminHost host, params string[] arguments) => CliProcess.RunAsync([.. arguments, "--server", host.Address.ToString()]);

    private string Write(string name, string text)
    {
        var path = Path.Combine(_directory, name);
        File.WriteAllText(path, text);
        return path;
    }
}
