using System.Diagnostics;
using AgentCanary.Testing;
using ChatClients;
using ChatClients.AgentFramework;
using Microsoft.Extensions.AI;

namespace AgentCanary.Samples.Tests;

public sealed class ChatClientsTests
{
    private static readonly ChatMessage[] Hello = [new(ChatRole.User, "Hello")];

    private readonly CanaryDeployment _deployment = new(
        "v1", "v2", new StagePlan(new Stage(Weight.FromPercent(50)) { BakeTime = TimeSpan.FromHours(1) }, new Stage(Weight.Full)), new() { Pepper = 0 });

    [Fact]
    public async Task The_sample_runs_and_says_who_served_whom()
    {
        var start = new ProcessStartInfo("dotnet", [Path.Combine(AppContext.BaseDirectory, "ChatClients.dll")])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            Environment = { ["AGENTCANARY_PEPPER"] = null },
        };
        using var sample = Process.Start(start)!;
        using var limit = new CancellationTokenSource(Eventually.Limit);
        var errors = sample.StandardError.ReadToEndAsync(limit.Token);
        var output = await sample.StandardOutput.ReadToEndAsync(limit.Token);
        await sample.WaitForExitAsync(limit.Token);

        Assert.Equal((0, ""), (sample.ExitCode, await errors));
        Assert.Equal(
            [
                "user-42: \"Hello from v1.0.0\" (Control by Split)",
                "user-42, streamed: Hello from v1.0.0",
                $"{QuarterOf(200)} of 200 users are on the canary",
                "shadowed: \"Hello from v1.0.0\" beside \"Hello from v2.0.0\"",
                "judged: Canary of \"assistant: Hello from v1.0.0\" and \"assistant: Hello from v2.0.0 at length\"; no worse than stable in 100 % of the pairs",
                "agent: \"Hello from v1.0.0\"",
                "Progressing, 25 % on the canary, 203 requests, 0 errors",
            ],
            output.Split('\n', StringSplitOptions.RemoveEmptyEntries));
    }

    [Theory, InlineData("v1"), InlineData("v2")]
    public async Task A_session_keeps_its_version_when_it_is_written_and_read_and_when_the_weight_grows(string version)
    {
        var session = await AgentFor(version).CreateSessionAsync();
        var kept = await AgentFor(version).SerializeSessionAsync(session);
        _deployment.Command(new Control.RolloutCommand.Promote());
        var agent = AgentFor("v2");
        var restored = await agent.DeserializeSessionAsync(kept);
        Assert.Equal($"Hello from {version}", (await agent.RunAsync(Hello, restored)).Text);
    }

    [Fact]
    public async Task A_session_of_a_canary_that_was_rolled_back_goes_on_with_stable_and_stays_there()
    {
        var agent = AgentFor("v2");
        var session = await agent.CreateSessionAsync();
        Assert.Equal("Hello from v2", (await agent.RunAsync(Hello, session)).Text);
        _deployment.Command(new Control.RolloutCommand.Rollback());
        Assert.Equal("Hello from v1", (await agent.RunAsync(Hello, session)).Text);
        _deployment.Command(new Control.RolloutCommand.Retry());
        Assert.Equal("Hello from v1", (await agent.RunAsync(Hello, session)).Text);
    }

    [Theory, InlineData("v1"), InlineData("v2")]
    public async Task Without_a_session_each_run_is_routed_by_the_key_and_recorded(string version)
    {
        var before = Requests(version);
        Assert.Equal($"Hello from {version}", (await AgentFor(version).RunAsync(Hello)).Text);
        Assert.Equal(before + 1, Requests(version));
    }

    // The salt of a rollout follows from its name and version alone, so another process draws the same users.
    private static int QuarterOf(int users)
    {
        var same = new CanaryDeployment("v1.0.0", "v1.1.0", new StagePlan(new Stage(Weight.FromPercent(25)), new Stage(Weight.Full)), new() { Name = "support", Pepper = 0 });
        return Enumerable.Range(0, users).Count(user => same.Route($"user-{user}") == "v1.1.0");
    }

    private long Requests(string version) => version == "v2" ? _deployment.Status.Canary.Requests : _deployment.Status.Stable.Requests;

    private CanaryAgent AgentFor(string version)
    {
        var user = Enumerable.Range(0, 1000).Select(number => $"user-{number}").First(user => _deployment.Route(user) == version);
        return new(_deployment, new ChatAgent(new ScriptedModel("v1")), new ChatAgent(new ScriptedModel("v2"))) { StickyKey = () => user };
    }
}
