using System.Globalization;
using System.Text.Json;

namespace AgentCanary.EndToEnd.Tests.Server;

/// <summary>What a server records, a replay decides again.</summary>
public class RecordingTests
{
    [LinuxFact]
    public async Task A_replay_of_what_a_server_recorded_reaches_the_decision_that_the_server_made()
    {
        await using var site = await Site.StartAsync("""
            stages:
              - { name: half, weight: 50%, bake: 1h, checks: [ error_rate_delta < 0.05 ] }
              - { name: full, weight: 100%, checks: [] }
            """, mode: "sequential, fast_failures: 0", "--error-rate", "0.4");
        var trace = Path.Combine(site.DataDirectory, "trace.ndjson");
        await site.Server.StopAsync();
        await site.StartServerAsync("--record", trace);
        await site.AskUntilAsync("RolledBack");
        var live = await site.RolloutAsync();
        await site.AskAllAsync(40); // served by stable, outside the analysis
        Assert.Equal(0, await site.Server.StopAsync());

        var lines = (await File.ReadAllLinesAsync(trace)).Select(line => JsonDocument.Parse(line).RootElement).ToList();
        Assert.Contains(string.Create(CultureInfo.InvariantCulture, $"Recorded {lines.Count} outcomes to {trace}; 0 were dropped"), site.Server.Errors, StringComparison.Ordinal);
        Assert.DoesNotContain("user-", await File.ReadAllTextAsync(trace), StringComparison.Ordinal);
        Assert.InRange(lines.Count(line => line.GetProperty("arm").GetString() == "outside"), 40, lines.Count);

        var (exitCode, end, decision) = await ReplayAsync(site.File, trace);
        Assert.Equal(0, exitCode);
        Assert.Equal(("RolledBack", live.GetProperty("stage").GetProperty("index").GetInt32()), (end.GetProperty("phase").GetString(), end.GetProperty("stage").GetInt32()));
        Assert.Equal("RollBack", decision.GetProperty("decision").GetString());
        Assert.Contains("against 'not more than 5 points worse'", decision.GetProperty("reason").GetString(), StringComparison.Ordinal);
        Assert.Contains("against 'not more than 5 points worse'", live.GetProperty("reason").GetString(), StringComparison.Ordinal);

        // The two cut their seconds at other moments, so they may differ by what came in a second or two; a machine that stalls makes more of it.
        var canary = lines.Where(line => line.GetProperty("arm").GetString() == "canary").ToList();
        Assert.InRange(end.GetProperty("canary_requests").GetInt32(), 1, canary.Count);
        Assert.InRange(canary.Max(line => line.GetProperty("t").GetDouble()) - end.GetProperty("t").GetDouble(), -5, 10);
        Assert.InRange(live.GetProperty("arms").GetProperty("canary").GetProperty("requests").GetInt32(), 1, canary.Count);
    }

    private static async Task<(int ExitCode, JsonElement End, JsonElement Decision)> ReplayAsync(string file, string trace)
    {
        using var replay = new RunningProcess("AgentCanary.Cli.dll", "replay", file, trace, "--json");
        var exitCode = await replay.EndAsync();
        var document = JsonDocument.Parse(replay.Output).RootElement;
        return (exitCode, document.GetProperty("final"), document.GetProperty("decisions").EnumerateArray().Single());
    }
}
