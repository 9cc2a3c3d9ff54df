using System.Net;
using System.Text.Json;
using AgentCanary.Storage.Sqlite;
using AgentCanary.Testing;

namespace AgentCanary.EndToEnd.Tests.Server;

/// <summary>What the README promises of the gateway and the server, one test each, on real processes.</summary>
public class PromiseTests
{
    private const string Patient = """
        stages:
          - { name: quarter, weight: 25%, bake: 1h, checks: [] }
          - { name: half, weight: 50%, bake: 1h, checks: [] }
          - { name: full, weight: 100% }
        """;

    private const string Quick = """
        stages:
          - { name: half, weight: 50%, bake: 1h, min_requests: 20, checks: [ "error_rate_delta < 0.2" ] }
          - { name: full, weight: 100% }
        """;

    [LinuxFact]
    public async Task The_same_user_gets_the_same_version_users_split_as_the_weight_says_and_growing_it_takes_nobody_off()
    {
        await using var site = await Site.StartAsync(Patient);
        var before = await site.AskAllAsync(10_000);
        Assert.InRange(before.Count(version => version == "v1.1.0"), 2500 - 173, 2500 + 173); // 4 sigma

        Assert.Equal(0, await site.Server.StopAsync());
        await site.StartServerAsync();
        Assert.Equal(before[..1000], await site.AskAllAsync(1000));

        Assert.Equal(0, (await site.RunAsync("promote", "support-agent")).ExitCode);
        var after = await site.AskAllAsync(2000);
        Assert.All(before[..2000].Zip(after), pair => Assert.False(pair.First == "v1.1.0" && pair.Second != "v1.1.0"));
        Assert.InRange(after.Count(version => version == "v1.1.0"), 1000 - 90, 1000 + 90);
    }

    [LinuxFact]
    public async Task A_canary_that_is_stopped_costs_no_user_an_error_and_is_rolled_back_with_the_reason()
    {
        await using var site = await Site.StartAsync(Quick);
        await site.AskAllAsync(100);
        await site.Canary.StopAsync();
        Assert.Equal(0, await site.AskUntilAsync("RolledBack"));
        Assert.Contains("canary requests all failed", (await site.RolloutAsync()).GetProperty("reason").GetString(), StringComparison.Ordinal);
        Assert.All(await site.AskAllAsync(100), version => Assert.Equal("v1.0.0", version));
    }

    [LinuxFact]
    public async Task A_canary_that_is_killed_costs_at_most_the_answers_that_were_under_way()
    {
        await using var site = await Site.StartAsync(Quick);
        await site.AskAllAsync(100);
        var asking = site.AskUntilAsync("RolledBack");
        await site.Canary.KillAsync();
        Assert.InRange(await asking, 0, 8); // so many ask at once
        Assert.All(await site.AskAllAsync(100), version => Assert.Equal("v1.0.0", version));
    }

    [LinuxFact]
    public async Task A_killed_server_goes_on_with_the_same_stage_users_evidence_and_history()
    {
        await using var site = await Site.StartAsync(Patient);
        await site.RunAsync("promote", "support-agent", "--reason", "looks good");
        var users = await site.AskAllAsync(500);
        await site.RunAsync("pause", "support-agent");
        Assert.InRange(await RequestsAsync(site), 200, 300);
        // What is written with a decision is certain; the outcomes of the last second are written when their tick is complete.
        await Eventually.TrueAsync(() => site.Evidence() is { } written && written.Canary.Finished + written.Control.Finished == 500);
        var (before, events) = (await site.RolloutAsync(), await site.EventsAsync());

        await site.Server.KillAsync();
        await site.StartServerAsync();
        var after = await site.RolloutAsync();
        Assert.Equal(before.GetProperty("stage").GetRawText(), after.GetProperty("stage").GetRawText());
        Assert.Equal(before.GetProperty("revision").GetInt64(), after.GetProperty("revision").GetInt64());
        Assert.Equal(events.Select(happened => happened.GetRawText()), (await site.EventsAsync()).Select(happened => happened.GetRawText()));
        Assert.Equal(before.GetProperty("arms").GetRawText(), after.GetProperty("arms").GetRawText());
        Assert.Equal(users, await site.AskAllAsync(500));

        await site.RunAsync("resume", "support-agent");
        Assert.Equal(0, await site.Server.StopAsync());
        await using var store = await SqliteRolloutStore.OpenAsync(site.DataDirectory);
        Assert.Null(await store.VerifyAsync("support-agent", default));
        Assert.Equal("resumed", (await store.ReadEventsAsync("support-agent", 0, 100, default))[^1].Type);
    }

    [LinuxFact]
    public async Task A_rollback_wins_while_a_stage_waits_for_an_approval_and_stays_until_somebody_retries()
    {
        await using var site = await Site.StartAsync(Quick.Replace("bake: 1h", "approval: true", StringComparison.Ordinal));
        await site.AskUntilAsync("Paused");
        await site.Canary.KillAsync();
        await site.AskUntilAsync("RolledBack");
        Assert.Equal(4, (await site.RunAsync("promote", "support-agent")).ExitCode);
        Assert.Equal(4, (await site.RunAsync("approve", "support-agent")).ExitCode);
        Assert.Equal(0, (await site.RunAsync("retry", "support-agent")).ExitCode);
        Assert.Equal(("Pending", 2), Told(await site.RolloutAsync()));
        static (string?, int) Told(System.Text.Json.JsonElement rollout) => (rollout.GetProperty("phase").GetString(), rollout.GetProperty("attempt").GetInt32());
    }

    [LinuxFact]
    public async Task A_bad_file_is_refused_with_every_fault_and_the_running_rollout_goes_on()
    {
        await using var site = await Site.StartAsync(Patient);
        var before = (await site.RolloutAsync()).GetProperty("revision").GetInt64();
        var file = Path.Combine(site.DataDirectory, "..", "bad.yaml");
        await File.WriteAllTextAsync(file, (await File.ReadAllTextAsync(site.File)).Replace("25%", "5", StringComparison.Ordinal).Replace("full", "half", StringComparison.Ordinal));
        var (exitCode, _, errors) = await site.RunAsync("apply", "-f", file);
        Assert.Equal(2, exitCode);
        Assert.Contains("stages[0].weight", errors, StringComparison.Ordinal);
        Assert.Contains("stages[2].name", errors, StringComparison.Ordinal);
        Assert.Equal(before, (await site.RolloutAsync()).GetProperty("revision").GetInt64());
        Assert.Equal(HttpStatusCode.OK, (await site.AskAsync("user-1")).Status);
    }

    [LinuxFact]
    public async Task Only_a_trusted_network_chooses_a_version_and_what_it_chooses_is_no_evidence()
    {
        await using var site = await Site.StartAsync(Patient);
        Assert.All(await Forced(site), version => Assert.Equal("v1.0.0", version));
        await site.Server.StopAsync();
        await site.StartServerAsync("--trust-force", "127.0.0.0/8");
        Assert.All(await Forced(site), version => Assert.Equal("v1.1.0", version));
        Assert.Equal(0, (await site.RolloutAsync()).GetProperty("arms").GetProperty("canary").GetProperty("requests").GetInt32());

        static async Task<string?[]> Forced(Site site)
        {
            var user = "user-0";
            for (var i = 1; (await site.AskAsync(user)).Version != "v1.0.0"; i++) user = $"user-{i}";
            return [(await site.AskAsync(user, ("X-Canary", "true"))).Version, (await site.AskAsync(user, ("x-canary-version", "v1.1.0"))).Version];
        }
    }

    [LinuxFact]
    public async Task In_sequence_a_worse_canary_is_rolled_back_with_its_odds_and_a_restart_changes_no_digit_of_the_evidence()
    {
        await using var site = await Site.StartAsync("""
            stages:
              - { name: half, weight: 50%, bake: 1h, checks: [ error_rate_increase < 0.10, success_rate >= 0.5 ] }
              - { name: full, weight: 100% }
            """, mode: "sequential", "--error-rate", "0.12");
        await site.AskAllAsync(60);
        await site.RunAsync("pause", "support-agent");
        var before = Figures(await site.RolloutAsync());
        await site.Server.KillAsync();
        await site.StartServerAsync();
        var judged = await site.RolloutAsync(rollout => rollout.GetProperty("checks").GetArrayLength() > 0); // by the first tick
        Assert.Equal(before, Figures(judged));

        await site.AskUntilAsync("RolledBack");
        Assert.Matches("^rolled back at ..:..:.. UTC after .* fail on canary vs .* on stable in the same minutes; odds .* to 1 against 'not more than 1.1x \\+ 0.1 pp worse'", (await site.RolloutAsync()).GetProperty("reason").GetString());

        // The sentence looks ahead as well, by what is served at the moment, and of that the last second was not kept.
        static string Figures(JsonElement rollout) =>
            string.Join('\n', rollout.GetProperty("checks").EnumerateArray().Select(check => string.Join(' ', check.EnumerateObject().Where(member => member.Name is not "reason"))));
    }

    private static async Task<long> RequestsAsync(Site site) => (await site.RolloutAsync()).GetProperty("arms").GetProperty("canary").GetProperty("requests").GetInt64();
}
