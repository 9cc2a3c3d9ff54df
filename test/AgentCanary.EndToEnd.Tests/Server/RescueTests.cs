using System.Net;
using System.Text;
using System.Text.Json;
using AgentCanary.Testing;

namespace AgentCanary.EndToEnd.Tests.Server;

/// <summary>Rescue before the first byte, as a user of the server sees it.</summary>
public sealed class RescueTests : IAsyncLifetime
{
    private const string Done = "data: [DONE]\n\n";
    private const string Error = """{"error":{"message":"boom","type":"server_error"}}""";

    private static readonly string Role = Chunk("""{"role":"assistant","content":""}""");
    private static readonly string FromCanary = Role + Chunk("""{"content":"from the canary"}""");
    private static readonly string FromStable = Role + Chunk("""{"content":"from stable"}""") + Chunk("{}", "\"stop\"") + Done;

    private readonly DirectoryInfo _directory = Directory.CreateTempSubdirectory("agentcanary-rescue-");
    private readonly HttpClient _http = new(new SocketsHttpHandler { UseProxy = false }) { Timeout = Eventually.Limit };
    private readonly ToldAgent _stable = new(_ => Stream(FromStable));
    private readonly ToldAgent _canary = new(body => Question(body) switch
    {
        "unavailable" => $"HTTP/1.1 503 Busy\r\nContent-Type: application/json\r\nContent-Length: {Error.Length}\r\nConnection: close\r\n\r\n{Error}",
        "error" => Stream($"data: {Error}\n\n{Done}"),
        "late error" => Stream($"{Role}data: {Error}\n\n"),
        "break" => Stream(FromCanary, more: 1000),
        "well" => Stream(FromCanary + Chunk("{}", "\"stop\"") + Done),
        _ => "", // a reset
    });

    private RunningProcess _server = null!;
    private Uri _data = null!;
    private Uri _admin = null!;

    public async Task InitializeAsync()
    {
        var file = Path.Combine(_directory.FullName, "rollout.yaml");
        await File.WriteAllTextAsync(file, $$"""
            agent: support-agent
            stable: { version: v1.0.0, url: {{_stable.Address}} }
            canary: { version: v1.1.0, url: {{_canary.Address}} }
            stages: [ { weight: 100%, bake: 1h, min_requests: 1000, checks: [] }, { weight: 100% } ]
            analysis: { fast_failures: 0 }
            rescue: before-first-byte
            """);
        _server = new("AgentCanary.Cli.dll", ["serve", "-f", file, "--data-dir", Path.Combine(_directory.FullName, "data"), "--listen", "http://127.0.0.1:0", "--admin", "http://127.0.0.1:0"]);
        _data = new(await _server.PrintsAsync("Agents' traffic: "));
        _admin = new((await _server.PrintsAsync("People and the CLI: ")).Split(' ')[0]);
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(50));
        while (JsonDocument.Parse(await _http.GetStringAsync(new Uri(_admin, "/api/v1/rollouts/support-agent"))).RootElement.GetProperty("phase").GetString() != "Progressing")
            await timer.WaitForNextTickAsync();
    }

    public async Task DisposeAsync()
    {
        _server.Dispose();
        _http.Dispose();
        await _stable.DisposeAsync();
        await _canary.DisposeAsync();
        _directory.Delete(recursive: true);
    }

    [LinuxFact]
    public async Task Who_meets_a_canary_that_fails_before_its_answer_has_content_gets_stables_and_the_canary_is_charged()
    {
        foreach (var failure in new[] { "unavailable", "error", "late error", "reset" })
            Assert.Equal((FromStable, true, "stable", "true"), await AskAsync(failure));
        Assert.Equal((4, 4), (_canary.Requests, _stable.Requests));

        Assert.Equal((FromCanary + Chunk("{}", "\"stop\"") + Done, true, "canary", ""), await AskAsync("well"));
        var (text, isWhole, _, rescued) = await AskAsync("break");
        Assert.Equal((false, ""), (isWhole, rescued));
        Assert.StartsWith(text, FromCanary, StringComparison.Ordinal); // never a second answer, never a [DONE] that nobody sent
        Assert.Equal(4, _stable.Requests);

        var (other, _, variant, _) = await AskAsync("reset", "/v1/pay");
        Assert.Equal(("canary", true, 4), (variant, other.Contains("agent_failed", StringComparison.Ordinal), _stable.Requests));

        var metrics = await _http.GetStringAsync(new Uri(_admin, "/metrics"));
        Assert.Contains("agentcanary_gateway_rescued_total 4\n", metrics, StringComparison.Ordinal);
        Assert.Contains("""agentcanary_requests_total{agent="support-agent",version="v1.1.0",variant="canary",class="error_upstream"} 5""" + "\n", metrics, StringComparison.Ordinal);
        Assert.Contains("""variant="canary",class="stream_broken"} 1""" + "\n", metrics, StringComparison.Ordinal);
        Assert.DoesNotMatch("""variant="stable",class="\w+"\} [1-9]""", metrics);
    }

    private async Task<(string Text, bool IsWhole, string Variant, string Rescued)> AskAsync(string question, string path = "/v1/chat/completions")
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(_data, path))
        {
            Content = new StringContent($$"""{"model":"m","stream":true,"messages":[{"role":"user","content":"{{question}}"}]}""", Encoding.UTF8, "application/json"),
        };
        var bytes = new MemoryStream();
        var (variant, rescued) = ("", "");
        try
        {
            using var answer = await _http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
            (variant, rescued) = (Header(answer, "X-Canary-Variant"), Header(answer, "X-Canary-Rescued"));
            await (await answer.Content.ReadAsStreamAsync()).CopyToAsync(bytes);
            return (Encoding.UTF8.GetString(bytes.ToArray()), true, variant, rescued);
        }
        catch (Exception fault) when (fault is IOException or HttpRequestException)
        {
            return (Encoding.UTF8.GetString(bytes.ToArray()), false, variant, rescued);
        }
    }

    private static string Header(HttpResponseMessage answer, string name) => answer.Headers.TryGetValues(name, out var values) ? values.Single() : "";

    private static string Question(string body) => JsonDocument.Parse(body).RootElement.GetProperty("messages")[0].GetProperty("content").GetString()!;

    private static string Chunk(string delta, string reason = "null") =>
        $$"""data: {"id":"chatcmpl-1","object":"chat.completion.chunk","model":"gpt-x","choices":[{"index":0,"delta":{{delta}},"finish_reason":{{reason}}}]}""" + "\n\n";

    private static string Stream(string events, int more = 0) =>
        $"HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nContent-Length: {Encoding.UTF8.GetByteCount(events) + more}\r\nConnection: close\r\n\r\n{events}";
}
