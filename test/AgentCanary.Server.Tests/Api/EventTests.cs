using System.Text.Json.Nodes;
using AgentCanary.Control;
using AgentCanary.Testing;

namespace AgentCanary.Server.Tests.Api;

public sealed class EventTests
{
    private static async Task<(AdminHost Host, TestClient Client)> StartAsync()
    {
        var rollouts = new FakeRollouts().With(FakeRollouts.Snapshot(new RolloutState { Spec = FakeRollouts.Spec(), Phase = Phase.Progressing, Revision = 1 }));
        rollouts.Change("support-agent", state => state with { Stage = 1, Reason = "all checks pass" }, "stage_entered");
        rollouts.Change("support-agent", state => state with { Phase = Phase.RolledBack, Reason = "error rate" }, "rolled_back");
        rollouts.Change("support-agent", state => state with { Phase = Phase.Progressing, Stage = 0, Attempt = 2, Reason = "fixed" }, "retried");
        var host = await AdminHost.StartAsync(rollouts);
        return (host, new(host.Address));
    }

    [Fact]
    public async Task Events_are_written_exactly_as_the_contract_says()
    {
        var (host, client) = await StartAsync();
        await using var running = host;
        using var caller = client;

        var answer = await client.SendAsync("GET", "/api/v1/rollouts/support-agent/events?after=1&limit=1");

        AssertJson.Equal($$"""
            [{"agent":"support-agent","revision":2,"at":"2026-01-15T12:02:00Z","type":"stage_entered","actor":"controller","reason":"all checks pass","attempt":1,
              "from_stage":0,"to_stage":1,"evidence":[],"hash":"{{new string('0', 63)}}2","model":null}]
            """, answer.Body);
    }

    [Fact]
    public async Task Paging_by_revision_gives_every_event_once()
    {
        var (host, client) = await StartAsync();
        await using var running = host;
        using var caller = client;
        var seen = new List<long>();

        for (var (after, more) = (0L, true); more;)
        {
            var page = JsonNode.Parse((await client.SendAsync("GET", $"/api/v1/rollouts/support-agent/events?limit=3&after={after}")).Body)!.AsArray();
            seen.AddRange(page.Select(written => written!["revision"]!.GetValue<long>()));
            more = page.Count > 0;
            if (more) after = seen[^1];
        }

        Assert.Equal([1, 2, 3, 4], seen);
    }

    [Fact]
    public async Task The_history_tells_each_attempt_and_how_it_ended_newest_first()
    {
        var (host, client) = await StartAsync();
        await using var running = host;
        using var caller = client;

        AssertJson.Equal("""
            [{"attempt":2,"first_revision":4,"last_revision":4,"started_at":"2026-01-15T12:04:00Z","ended_at":null,"result":"running","highest_stage":0,"reason":"fixed","actor":"controller"},
             {"attempt":1,"first_revision":1,"last_revision":3,"started_at":"2026-01-15T12:01:00Z","ended_at":"2026-01-15T12:03:00Z","result":"rolled_back","highest_stage":1,
              "reason":"error rate","actor":"controller"}]
            """, (await client.SendAsync("GET", "/api/v1/rollouts/support-agent/history")).Body);
    }
}
