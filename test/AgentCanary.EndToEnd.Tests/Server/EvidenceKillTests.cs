using System.Text.Json;
using AgentCanary.Control;
using AgentCanary.Testing;

namespace AgentCanary.EndToEnd.Tests.Server;

/// <summary>What a server wrote of its evidence is what the next one judges by.</summary>
public class EvidenceKillTests
{
    // Odds that need many hundred canary requests, so that no life of the server alone decides.
    private const string Mode = "sequential, alpha: 0.000000000001, fast_failures: 0";

    private const string Stages = """
        stages:
          - { name: half, weight: 50%, bake: 1h, checks: [ error_rate_delta < 0.05 ] }
          - { name: full, weight: 100%, checks: [] }
        """;

    [LinuxFact]
    public async Task A_kill_under_traffic_changes_no_digit_of_the_evidence_that_was_written_and_the_verdict_goes_on_from_it()
    {
        await using var site = await Site.StartAsync(Stages, Mode, "--error-rate", "0.12");
        long known = 0;
        for (var kill = 0; kill < 3; kill++)
        {
            var written = await KillUnderTrafficAsync(site, after: known);
            await site.StartServerAsync();
            // Nobody asks now: what the new server writes, once its stage has run on, is what it took over.
            await Eventually.TrueAsync(() => site.Evidence()!.Soak > written.Soak);
            var kept = site.Evidence()!;
            Assert.Equal(Figures(written.AfterRestart()), Figures(kept));
            Assert.InRange((await CheckAsync(site)).GetProperty("n_canary").GetInt64(), 1, kept.Canary.Finished);
            known = kept.Canary.Finished;
        }
        var before = await CheckAsync(site);
        Assert.Equal("Progressing", (await site.RolloutAsync()).GetProperty("phase").GetString());

        await site.AskUntilAsync("RolledBack");
        var decided = (await site.EventsAsync())[^1].GetProperty("evidence").EnumerateArray().Single();
        Assert.Equal("Fail", decided.GetProperty("verdict").GetString());
        Assert.InRange(decided.GetProperty("n_canary").GetInt64(), before.GetProperty("n_canary").GetInt64() + 1, long.MaxValue);
    }

    // The evidence on the disk when the server was gone, some of it from this life; requests are under way at the kill.
    private static async Task<Evidence> KillUnderTrafficAsync(Site site, long after)
    {
        var asking = AskUntilGoneAsync(site);
        await Eventually.TrueAsync(() => site.Evidence()?.Canary.Finished > after + 10);
        await site.Server.KillAsync();
        await asking;
        return site.Evidence()!;
    }

    private static async Task AskUntilGoneAsync(Site site)
    {
        using var pace = new PeriodicTimer(TimeSpan.FromMilliseconds(20));
        try
        {
            // So many at the most, that a machine that stalls does not decide the rollout here.
            for (var user = 0; user < 150 && await pace.WaitForNextTickAsync(); user++) await site.AskAsync($"user-{user}");
        }
        catch (Exception gone) when (gone is HttpRequestException or IOException)
        {
        }
    }

    private static string Figures(Evidence evidence) => Convert.ToHexString((evidence with { Soak = TimeSpan.Zero }).ToBytes());

    private static async Task<JsonElement> CheckAsync(Site site) =>
        (await site.RolloutAsync(rollout => rollout.GetProperty("checks").GetArrayLength() > 0)).GetProperty("checks").EnumerateArray().Single();
}
