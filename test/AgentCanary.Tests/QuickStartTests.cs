using System.Diagnostics;
using AgentCanary.Testing;

namespace AgentCanary.Tests;

public sealed class QuickStartTests
{
    private const string Compared = "the shadow's answer is the same as stable's: False";

    [Fact]
    public async Task The_quick_start_runs_and_says_what_became_of_its_calls()
    {
        var start = new ProcessStartInfo("dotnet", [Path.Combine(AppContext.BaseDirectory, "QuickStart.dll")])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            Environment = { ["AGENTCANARY_PEPPER"] = null },
        };
        using var quickStart = Process.Start(start)!;
        using var limit = new CancellationTokenSource(Eventually.Limit);
        var errors = quickStart.StandardError.ReadToEndAsync(limit.Token);
        var output = await quickStart.StandardOutput.ReadToEndAsync(limit.Token);
        await quickStart.WaitForExitAsync(limit.Token);

        Assert.Equal((0, ""), (quickStart.ExitCode, await errors));
        Assert.Equal(
            [
                "user-42 is served by agent-v1.0.0: \"hello from agent-v1.0.0\"",
                "Hold: needs 50 more canary requests",
                "Progressing, stage 0, 1 % on the canary, 3 requests",
                "the second call was Control by Split, and the other plan has 3 stages",
                "the shadowed call was answered \"hello from agent-v1.0.0\"",
            ],
            // The comparison writes its line when the shadow has answered, which may be at any time.
            output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Where(line => line != Compared));
        Assert.Contains($"{Compared}\n", output, StringComparison.Ordinal);
    }
}
