using System.Net.ServerSentEvents;
using System.Text.Json.Nodes;
using AgentCanary.Control;
using AgentCanary.Server.Api;
using AgentCanary.Testing;
using Microsoft.Extensions.DependencyInjection;

namespace AgentCanary.Server.Tests.Api;

public sealed class StreamTests : IDisposable
{
    private readonly CancellationTokenSource _timeout = new(Eventually.Limit);

    private static FakeRollouts Rollouts => new FakeRollouts()
        .With(FakeRollouts.Snapshot(new RolloutState { Spec = FakeRollouts.Spec("ant"), Phase = Phase.Progressing, Revision = 1 }))
        .With(FakeRollouts.Snapshot(new RolloutState { Spec = FakeRollouts.Spec("bee"), Phase = Phase.Progressing, Revision = 5 }));

    [Fact]
    public async Task A_stream_begins_with_every_state_and_goes_on_with_each_event_before_its_state()
    {
        var rollouts = Rollouts;
        await using var host = await AdminHost.StartAsync(rollouts);
        using var client = new TestClient(host.Address);
        using var response = await client.OpenAsync("/api/v1/stream", _timeout.Token);
        await using var items = SseParser.Create(await response.Content.ReadAsStreamAsync(_timeout.Token)).EnumerateAsync(_timeout.Token).GetAsyncEnumerator();

        var first = await TakeAsync(items, 2);
        rollouts.Change("bee", state => state with { Stage = 1 }, "stage_entered");
        var then = await TakeAsync(items, 2);

        Assert.Equal("text/event-stream", response.Content.Headers.ContentType!.MediaType);
        Assert.Equal([("state", "ant", 1), ("state", "bee", 5), ("event", "bee", 6), ("state", "bee", 6)], first.Concat(then));
    }

    [Fact]
    public async Task A_stream_of_one_agent_is_silent_about_the_others()
    {
        var rollouts = Rollouts;
        await using var host = await AdminHost.StartAsync(rollouts);
        using var client = new TestClient(host.Address);
        using var response = await client.OpenAsync("/api/v1/stream?agent=bee", _timeout.Token);
        await using var items = SseParser.Create(await response.Content.ReadAsStreamAsync(_timeout.Token)).EnumerateAsync(_timeout.Token).GetAsyncEnumerator();

        var first = await TakeAsync(items, 1);
        rollouts.Change("ant", state => state with { Stage = 1 }, "stage_entered");
        rollouts.Change("bee", state => state with { Stage = 1 }, "stage_entered");

        Assert.Equal([("state", "bee", 5), ("event", "bee", 6)], first.Concat(await TakeAsync(items, 1)));
    }

    [Fact]
    public async Task A_silent_stream_is_kept_alive_by_comments()
    {
        var time = new ManualTimeProvider();
        await using var host = await AdminHost.StartAsync(Rollouts, configure: services => services.AddSingleton<TimeProvider>(time));
        using var client = new TestClient(host.Address);
        using var response = await client.OpenAsync("/api/v1/stream", _timeout.Token);
        using var reader = new StreamReader(await response.Content.ReadAsStreamAsync(_timeout.Token));
        for (var states = 0; states < 2;) states += (await reader.ReadLineAsync(_timeout.Token))!.StartsWith("data:", StringComparison.Ordinal) ? 1 : 0;
        await reader.ReadLineAsync(_timeout.Token);

        var line = reader.ReadLineAsync(_timeout.Token).AsTask();
        await Eventually.TrueAsync(() => { time.Advance(TimeSpan.FromSeconds(1)); return line.IsCompleted; });

        Assert.Equal(": still here", await line);
    }

    [Fact]
    public async Task A_reader_who_leaves_frees_its_seat_and_its_place_at_the_source()
    {
        var rollouts = Rollouts;
        await using var host = await AdminHost.StartAsync(rollouts);
        using var client = new TestClient(host.Address);
        using (var response = await client.OpenAsync("/api/v1/stream", _timeout.Token)) await Eventually.TrueAsync(() => rollouts.Readers == 1);

        await Eventually.TrueAsync(() => rollouts.Readers == 0);
    }

    [Fact]
    public async Task There_are_no_more_streams_than_seats()
    {
        await using var host = await AdminHost.StartAsync(Rollouts);
        using var client = new TestClient(host.Address);
        var seats = host.Get<StreamSeats>();
        var taken = Enumerable.Range(0, StreamSeats.Most).Select(_ => seats.TryTake()!).ToList();

        var refused = await client.SendAsync("GET", "/api/v1/stream");
        taken[0].Dispose();
        taken[0].Dispose();
        using var accepted = await client.OpenAsync("/api/v1/stream", _timeout.Token);

        Assert.Equal((503, "10"), ((int)refused.Status, refused.Header("Retry-After")));
        Assert.Equal("urn:agentcanary:problem:too-many-streams", JsonNode.Parse(refused.Body)!["type"]!.GetValue<string>());
        Assert.Equal(200, (int)accepted.StatusCode);
        Assert.Equal(503, (int)(await client.SendAsync("GET", "/api/v1/stream")).Status);
    }

    [Fact]
    public async Task A_stream_of_an_unknown_agent_is_404()
    {
        await using var host = await AdminHost.StartAsync(Rollouts);
        using var client = new TestClient(host.Address);

        Assert.Equal(404, (int)(await client.SendAsync("GET", "/api/v1/stream?agent=nobody")).Status);
    }

    [Fact]
    public async Task A_server_that_stops_ends_its_streams()
    {
        var host = await AdminHost.StartAsync(Rollouts);
        using var client = new TestClient(host.Address);
        using var response = await client.OpenAsync("/api/v1/stream", _timeout.Token);
        using var reader = new StreamReader(await response.Content.ReadAsStreamAsync(_timeout.Token));

        await host.DisposeAsync();

        Assert.EndsWith("\n\n", await reader.ReadToEndAsync(_timeout.Token), StringComparison.Ordinal);
    }

    public void Dispose() => _timeout.Dispose();

    private static async Task<List<(string Name, string Agent, int Revision)>> TakeAsync(IAsyncEnumerator<SseItem<string>> items, int count)
    {
        var taken = new List<(string, string, int)>();
        while (taken.Count < count && await items.MoveNextAsync())
        {
            var data = JsonNode.Parse(items.Current.Data)!;
            taken.Add((items.Current.EventType, data["agent"]!.GetValue<string>(), data["revision"]!.GetValue<int>()));
        }
        return taken;
    }
}
