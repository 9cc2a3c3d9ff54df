using AgentCanary.Storage.Sqlite;

namespace AgentCanary.EndToEnd.Tests.Server;

public class CrashTests
{
    private const string Stages = """
        stages:
          - { name: half, weight: 50%, bake: 1h }
          - { name: full, weight: 100% }
        """;

    private static readonly int Cycles = Environment.GetEnvironmentVariable("AGENTCANARY_LONG") == "1" ? 1000 : 100;

    [LinuxFact]
    public async Task No_acknowledged_command_is_lost_however_often_the_server_is_killed_under_commands()
    {
        await using var site = await Site.StartAsync(Stages);
        var acknowledged = (await site.RolloutAsync()).GetProperty("revision").GetInt64();
        using var http = new HttpClient();
        for (var cycle = 0; cycle < Cycles; cycle++)
        {
            // Commands follow one another until the kill cuts one of them off, at a place that differs from cycle to cycle.
            var stop = site.Server.KillAsync;
            var commands = cycle % 7 * 2;
            for (var i = 0; ; i++)
            {
                if (i == commands) _ = stop();
                if (await TryAsync(http, site.Admin, i % 2 == 0 ? "pause" : "resume") is not { } revision) break;
                acknowledged = Math.Max(acknowledged, revision);
            }
            await site.Server.EndAsync();
            await site.StartServerAsync();
            var stored = (await site.RolloutAsync()).GetProperty("revision").GetInt64();
            Assert.InRange(stored, acknowledged, acknowledged + 1);
            await TryAsync(http, site.Admin, "resume");
            acknowledged = (await site.RolloutAsync()).GetProperty("revision").GetInt64();
        }
        await site.Server.StopAsync();
        await using var store = await SqliteRolloutStore.OpenAsync(site.DataDirectory);
        Assert.Null(await store.VerifyAsync("support-agent", default));
    }

    // The revision that was acknowledged; null where the server was gone before it could answer.
    private static async Task<long?> TryAsync(HttpClient http, Uri admin, string verb)
    {
        try
        {
            using var body = new StringContent("{}", System.Text.Encoding.UTF8, "application/json");
            using var answer = await http.PostAsync(new Uri(admin, $"/api/v1/rollouts/support-agent/{verb}"), body);
            var document = System.Text.Json.JsonDocument.Parse(await answer.Content.ReadAsStringAsync()).RootElement;
            return answer.IsSuccessStatusCode ? document.GetProperty("revision").GetInt64() : 0;
        }
        catch (Exception gone) when (gone is HttpRequestException or IOException)
        {
            return null;
        }
    }
}
