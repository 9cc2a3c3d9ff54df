using System.Text.Json.Nodes;
using AgentCanary.Testing;

namespace AgentCanary.EndToEnd.Tests.Demo;

public sealed class DemoTests
{
    [Fact]
    public async Task A_good_version_reaches_everybody_by_itself()
    {
        using var demo = await RunHealthyAsync();
        Assert.True(await demo.ExitAsync() == 0, demo.Output + demo.Errors);
        var json = JsonNode.Parse(demo.Output)!;
        Assert.Equal("Completed", json["phase"]!.GetValue<string>());
        Assert.Equal([1, 2, 3], StagesEntered(json).Where(stage => stage > 0));
        Assert.Equal(0, json["users"]!["moved_back"]!.GetValue<int>());
        Assert.Equal(0, json["users"]!["after_the_end"]!["stable"]!.GetValue<int>());
        Assert.Empty(demo.Errors);
        Assert.Empty(demo.DataDirectories);
    }

    [Fact]
    public async Task A_version_that_answers_everything_and_helps_less_is_rolled_back_by_what_users_say_later_and_the_report_says_why()
    {
        using var demo = new RunningDemo("--scenario", "regression", "--seconds", "20", "--report", "report.md");
        Assert.True(await demo.ExitAsync() == 0, demo.Output + demo.Errors);
        Assert.Contains("RolledBack", demo.Output, StringComparison.Ordinal);
        var report = await File.ReadAllTextAsync(Path.Combine(demo.Directory.FullName, "report.md"));
        Assert.Contains("rolled_back", report, StringComparison.Ordinal);
        Assert.Contains("| `user_satisfaction_delta > -0.15` | Fail |", report, StringComparison.Ordinal);
        Assert.Contains("user satisfaction 0.", report, StringComparison.Ordinal);
        Assert.Contains("Thumbs up, an hour later: v1.1.0", report, StringComparison.Ordinal);
        Assert.Contains("v1.1.0 failed 0 of", demo.Output, StringComparison.Ordinal);
        Assert.Empty(demo.DataDirectories);
    }

    [LinuxFact]
    public async Task A_demo_that_is_stopped_takes_its_processes_and_its_data_along()
    {
        using var demo = new RunningDemo();
        await Eventually.TrueAsync(() => demo.Output.Contains("Progressing", StringComparison.Ordinal));
        var children = demo.Children();
        Assert.Equal(3, children.Count);
        await demo.SignalAsync("INT");
        Assert.True(await demo.ExitAsync() == 130, demo.Errors);
        Assert.DoesNotContain(children, RunningDemo.IsAlive);
        Assert.Empty(demo.DataDirectories);
    }

    [LinuxFact]
    public async Task Nothing_outlives_a_demo_that_is_killed()
    {
        using var demo = new RunningDemo();
        await Eventually.TrueAsync(() => demo.Output.Contains("Progressing", StringComparison.Ordinal));
        var children = demo.Children();
        Assert.Equal(3, children.Count);
        await demo.SignalAsync("KILL");
        await demo.ExitAsync();
        await Eventually.TrueAsync(() => !children.Any(RunningDemo.IsAlive));
    }

    [Theory]
    [InlineData("--scenario", "sunny")]
    [InlineData("--seconds", "5")]
    [InlineData("--seconds", "soon")]
    [InlineData("--seed", "0")]
    [InlineData("--speed", "9")]
    public async Task A_wrong_option_is_a_usage_error(string option, string value)
    {
        using var demo = new RunningDemo(option, value);
        Assert.Equal(2, await demo.ExitAsync());
        Assert.NotEmpty(demo.Errors);
    }

    // Where the machine stalls the canary's process alone, it is slow for its users and rolled back for that, as it should be: such a run tells nothing of a good version.
    private static async Task<RunningDemo> RunHealthyAsync()
    {
        for (var tries = 1; ; tries++)
        {
            var demo = new RunningDemo("--seconds", "20", "--json");
            if (await demo.ExitAsync() == 0 || tries == 3 || !demo.Output.Contains("'the p50 latency is at most 300 ms'", StringComparison.Ordinal)) return demo;
            demo.Dispose();
        }
    }

    private static IEnumerable<int> StagesEntered(JsonNode json) => json["events"]!.AsArray()
        .Where(e => e!["type"]!.GetValue<string>() == "stage_entered").Select(e => e!["to_stage"]!.GetValue<int>());
}
