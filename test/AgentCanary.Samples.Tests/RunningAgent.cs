using System.Net.Http.Json;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using SupportAgent;

namespace AgentCanary.Samples.Tests;

/// <summary>A support agent listening on a free port of this machine, without any waiting time unless asked.</summary>
internal sealed class RunningAgent : IAsyncDisposable
{
    private readonly WebApplication _app;

    private RunningAgent(WebApplication app)
    {
        _app = app;
        Client = new HttpClient { BaseAddress = new Uri(app.Urls.First()) };
    }

    public HttpClient Client { get; }

    public static async Task<RunningAgent> StartAsync(params string[] args)
    {
        var app = AgentApplication.Build(KnobReader.Read(["--port", "0", "--latency-median", "0", .. args], _ => null));
        await app.StartAsync();
        return new RunningAgent(app);
    }

    public async Task<HttpResponseMessage> PostAsync(object body) => await Client.PostAsJsonAsync("/v1/chat/completions", body);

    /// <summary>Asks one thing and returns the message of the answer.</summary>
    public async Task<JsonNode> AskAsync(params string[] userTurns)
    {
        using var response = await PostAsync(new { messages = userTurns.Select(text => new { role = "user", content = text }) });
        response.EnsureSuccessStatusCode();
        return (await response.Content.ReadFromJsonAsync<JsonNode>())!["choices"]![0]!["message"]!;
    }

    /// <summary>Asks for a stream and returns the payloads of its events.</summary>
    public async Task<IReadOnlyList<string>> StreamAsync(string text, bool withUsage = false)
    {
        using var response = await PostAsync(new
        {
            stream = true, stream_options = new { include_usage = withUsage }, messages = new[] { new { role = "user", content = text } },
        });
        Assert.Equal("text/event-stream", response.Content.Headers.ContentType?.MediaType);
        var body = await response.Content.ReadAsStringAsync();
        return [.. body.Split("\n\n", StringSplitOptions.RemoveEmptyEntries).Select(e => e["data: ".Length..])];
    }

    public static JsonNode Parse(string json) => JsonSerializer.Deserialize<JsonNode>(json)!;

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        await _app.DisposeAsync();
    }
}
