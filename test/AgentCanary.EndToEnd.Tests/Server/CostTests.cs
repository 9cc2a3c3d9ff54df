using System.Text.Json;

namespace AgentCanary.EndToEnd.Tests.Server;

/// <summary>A canary that is as good and costs more, on real processes: the agent tells its usage, the file tells the prices.</summary>
public sealed class CostTests
{
    private const string Stages = """
        stages:
          - { name: half, weight: 50%, bake: 1h, checks: [ "cost_per_request_increase < 0.5" ] }
          - { name: full, weight: 100% }
        prices:
          support: { input: 2.50, output: 10.00 }
        """;

    [LinuxFact]
    public async Task A_canary_whose_model_costs_twice_as_much_is_rolled_back_for_what_it_costs()
    {
        await using var site = await Site.StartWithModelAsync($"{Stages}\n  support-large: {{ input: 5.00, output: 20.00 }}", "support-large");
        Assert.Equal(0, await site.AskUntilAsync("RolledBack"));
        var rollout = await site.RolloutAsync(rollout => rollout.GetProperty("durable").GetBoolean());
        Assert.Contains("against 'not more than 50 % above stable in cost a request'", rollout.GetProperty("reason").GetString(), StringComparison.Ordinal);
        Assert.All(await site.AskAllAsync(20), version => Assert.Equal("v1.0.0", version));
    }

    [LinuxFact]
    public async Task A_canary_whose_model_has_no_price_is_held_and_the_reason_says_what_to_do()
    {
        await using var site = await Site.StartWithModelAsync(Stages, "support-large");
        await site.AskAllAsync(400);
        var rollout = await site.RolloutAsync(rollout => rollout.GetProperty("reason").GetString()!.Contains("no price", StringComparison.Ordinal));
        Assert.Equal(("Progressing", "Hold"), (rollout.GetProperty("phase").GetString(), rollout.GetProperty("decision").GetString()));
        Assert.Matches("'cost_per_request_increase < 0.5' has no data: ([0-9]+) of \\1 canary answers have no price \\(add 'support-large' under prices\\)", rollout.GetProperty("reason").GetString());
        Assert.Equal(JsonValueKind.Null, rollout.GetProperty("checks")[0].GetProperty("canary").ValueKind);
        Assert.Matches("""agentcanary_unpriced_total\{agent="support-agent",version="v1.1.0",variant="canary",missing="price"\} [1-9]""", await site.MetricsAsync());
    }

    [LinuxFact]
    public async Task Another_model_behind_the_same_version_is_an_event_and_no_decision()
    {
        await using var site = await Site.StartWithModelAsync(Stages, "support");
        await site.AskAllAsync(200);
        // Stable hands the caller's model on; some of these users are on the canary, whose model the file sets.
        for (var user = 0; user < 20; user++) await site.AskAsync($"user-{user}", "support-2026-11-20");
        await site.RolloutAsync(rollout => rollout.GetProperty("model_changes").GetArrayLength() > 0);
        var told = Assert.Single(await site.EventsAsync(), told => told.GetProperty("type").GetString() == "model_changed").GetProperty("model");
        Assert.Equal(("v1.0.0", "support", "support-2026-11-20"), (told.GetProperty("version").GetString(), told.GetProperty("from").GetString(), told.GetProperty("to").GetString()));
        Assert.Equal("Progressing", (await site.RolloutAsync()).GetProperty("phase").GetString());
        Assert.Contains("Model     support-2026-11-20 answers for v1.0.0, where support did", (await site.RunAsync("status", "support-agent")).Output, StringComparison.Ordinal);
    }
}
