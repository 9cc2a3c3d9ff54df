using System.Net.Http.Headers;
using System.Text;
using System.Text.Json.Nodes;
using AgentCanary.Testing;

namespace AgentCanary.Server.Gateway;

/// <summary>
/// Conversations one after the other in MCP, A2A or Responses, by its number. Every turn comes under another user's key, so that nothing but the ids can keep it on its version. While the
/// server is away a turn is sent again.
/// </summary>
internal sealed class Talker(Func<Uri> address, int number)
{
    private static readonly HttpClient Client = new(new SocketsHttpHandler { UseProxy = false, PooledConnectionIdleTimeout = TimeSpan.FromSeconds(1) }) { Timeout = Eventually.Limit };

    private readonly Random _random = new(number);
    private string? _id;
    private string? _task;

    /// <summary>Gets how many turns were not answered as they should be.</summary>
    public int Refused { get; private set; }

    public async Task TalkAsync(int turns)
    {
        for (var turn = 0; turn < turns; turn++)
        {
            if (_random.Next(10) == 0) (_id, _task) = (null, null); // and on to the next conversation
            if (!await ((number % 3) switch { 0 => McpAsync(), 1 => A2aAsync(), _ => ResponsesAsync() })) Refused++;
        }
    }

    private async Task<bool> McpAsync()
    {
        var method = _id is null ? "initialize" : _random.Next(2) == 0 ? "tools/call" : "tools/list";
        var (answer, headers) = await SendAsync(HttpMethod.Post, "/mcp", $$$"""{"jsonrpc":"2.0","id":1,"method":"{{{method}}}","params":{}}""");
        _id ??= headers.TryGetValues("Mcp-Session-Id", out var session) ? session.Single() : null;
        return answer?["result"] is not null;
    }

    private async Task<bool> A2aAsync()
    {
        var isLook = _task is not null && _random.Next(3) == 0;
        var ids = (_id is null ? "" : $"\"contextId\":\"{_id}\",") + (_task is null || _random.Next(2) == 0 ? "" : $"\"taskId\":\"{_task}\",");
        var (answer, _) = await SendAsync(HttpMethod.Post, "/agent", isLook
            ? $$$$"""{"jsonrpc":"2.0","id":1,"method":"GetTask","params":{"id":"{{{{_task}}}}"}}"""
            : $$$$"""{"jsonrpc":"2.0","id":1,"method":"SendMessage","params":{"message":{{{{{ids}}}}"messageId":"m","role":"ROLE_USER","parts":[{"text":"hello"}]}}}""");
        var task = isLook ? answer?["result"] : answer?["result"]?["task"];
        (_id, _task) = ((string?)task?["contextId"] ?? _id, (string?)task?["id"] ?? _task);
        return task is not null;
    }

    private async Task<bool> ResponsesAsync()
    {
        if (_id is not null && _random.Next(4) == 0) return (await SendAsync(HttpMethod.Get, $"/v1/responses/{_id}")).Answer?["id"] is not null;
        var named = _id is null ? "" : $",\"previous_response_id\":\"{_id}\"";
        var (answer, _) = await SendAsync(HttpMethod.Post, "/v1/responses", $"{{\"stream\":{(_random.Next(2) == 0 ? "true" : "false")}{named}}}");
        var id = (string?)answer?["id"] ?? (string?)answer?["response"]?["id"];
        _id = id ?? _id;
        return id is not null;
    }

    private async Task<(JsonNode? Answer, HttpResponseHeaders Headers)> SendAsync(HttpMethod method, string path, string? body = null)
    {
        using var limit = new CancellationTokenSource(Eventually.Limit);
        while (true)
        {
            try
            {
                using var request = new HttpRequestMessage(method, new Uri(address(), path));
                if (body is not null) request.Content = new StringContent(body, Encoding.UTF8, "application/json");
                request.Headers.Add("x-user-id", $"user-{_random.Next()}");
                if (path == "/mcp" && _id is not null) request.Headers.Add("Mcp-Session-Id", _id);
                using var response = await Client.SendAsync(request, limit.Token);
                var text = await response.Content.ReadAsStringAsync(limit.Token);
                if ((int)response.StatusCode < 500) return (Read(text), response.Headers);
            }
            catch (Exception fault) when (fault is HttpRequestException or IOException && !limit.IsCancellationRequested)
            {
                // The server stops or is not there yet.
            }

            await Task.Delay(20, limit.Token);
        }
    }

    // Of a stream the last event says what became of it.
    private static JsonNode? Read(string text)
    {
        var data = text.LastIndexOf("data: ", StringComparison.Ordinal);
        return JsonNode.Parse(data < 0 ? text : text[(data + 6)..]);
    }
}
