using System.Net;

namespace AgentCanary.EndToEnd.Tests.Server;

/// <summary>What users say later still counts for what they were served, on real processes.</summary>
public sealed class LateScoreTests
{
    private const string Scored = """
        stages:
          - { name: half, weight: 50%, bake: 1h, checks: [ "user_satisfaction_delta > -0.2" ] }
          - { name: most, weight: 60%, bake: 1h, checks: [ "error_rate_delta < 0.5" ] }
          - { name: full, weight: 100% }
        """;

    [LinuxFact]
    public async Task Thumbs_down_long_after_the_stage_that_served_was_left_roll_the_running_rollout_back()
    {
        await using var site = await Site.StartAsync(Scored, "sequential");
        var served = await ServeAsync(site, 120);
        Assert.Equal(0, (await site.RunAsync("promote", "support-agent")).ExitCode);
        // Nothing but the ids is needed: the server that hears of them is another one than the one that served.
        Assert.Equal(0, await site.Server.StopAsync());
        await site.StartServerAsync();
        Assert.Equal("most", (await site.RolloutAsync()).GetProperty("stage").GetProperty("name").GetString());

        string[] scores = [.. served.Select((call, i) => $$"""{"id":"thumb-{{i}}","name":"user_satisfaction","value":{{(call.Variant == "canary" ? 0 : 1)}},"decision_id":"{{call.Decision}}"}""")];
        var (status, answer) = await site.PostAsync("/api/v1/scores", $"[{string.Join(',', scores)}]");

        Assert.Equal((HttpStatusCode.Accepted, 120), (status, answer.GetProperty("counted").GetInt32()));
        var rollout = await site.RolloutAsync(rollout => rollout.GetProperty("phase").GetString() == "RolledBack" && rollout.GetProperty("durable").GetBoolean());
        Assert.Contains("of stages that were left came later", rollout.GetProperty("reason").GetString(), StringComparison.Ordinal);
        Assert.Equal("rolled_back", (await site.EventsAsync())[^1].GetProperty("type").GetString());
        Assert.All(await site.AskAllAsync(20), version => Assert.Equal("v1.0.0", version));

        var why = await site.RunAsync("why", served.First(call => call.Variant == "canary").Decision);
        Assert.Equal(0, why.ExitCode);
        Assert.Contains("stage 1 'half'", why.Output, StringComparison.Ordinal);

        Assert.Equal(0, await site.Server.StopAsync());
        await site.StartServerAsync();
        Assert.Equal(120, (await site.PostAsync("/api/v1/scores", $"[{string.Join(',', scores)}]")).Answer.GetProperty("duplicates").GetInt32());
    }

    [LinuxFact]
    public async Task The_id_that_the_agent_gave_its_answer_is_as_good_as_the_decisions()
    {
        // Two versions of one seed give the same ids, and an id that came twice names nobody.
        await using var site = await Site.StartAsync(Scored, "sequential", "--seed", "2");
        var served = await ServeAsync(site, 120);
        var scores = served.Select((call, i) => $$"""{"id":"{{i}}","name":"user_satisfaction","value":{{(call.Variant == "canary" ? 0 : 1)}},"response_id":"{{call.Answer}}"}""");

        var (_, answer) = await site.PostAsync("/api/v1/scores", $"[{string.Join(',', scores)}]");

        Assert.Equal((120, 0), (answer.GetProperty("counted").GetInt32(), answer.GetProperty("parked").GetInt32()));
        await site.RolloutAsync(rollout => rollout.GetProperty("phase").GetString() == "RolledBack");
    }

    private static async Task<(string Variant, string Decision, string Answer)[]> ServeAsync(Site site, int users)
    {
        var served = new (string Variant, string Decision, string Answer)[users];
        for (var user = 0; user < users; user++) served[user] = await site.DecideAsync($"user-{user}");
        return served;
    }
}
