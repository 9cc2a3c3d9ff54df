using System.Collections.Concurrent;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;

namespace AgentCanary.Server.Gateway;

/// <summary>
/// An agent that makes the ids of its sessions, tasks, contexts and responses itself, keeps them as the version that it is, and does not know those of another
/// version: MCP at <c>/mcp</c>, A2A at <c>/a2a</c> and <c>/agent</c>, Responses at <c>/v1/responses</c>.
/// </summary>
internal sealed class StatefulAgent(string version)
{
    private readonly ConcurrentDictionary<string, byte> _ids = new();
    private int _next;
    private long _foreign;
    private long _known;

    /// <summary>Gets how many requests named an id that this version did not make.</summary>
    public long Foreign => Volatile.Read(ref _foreign);

    /// <summary>Gets how many requests named only ids that this version made.</summary>
    public long Known => Volatile.Read(ref _known);

    /// <summary>Gets or sets what is awaited before the last bytes of an answer, so that a test sees whether ids are learned before it ends.</summary>
    public Func<Task> BeforeEnd { get; set; } = () => Task.CompletedTask;

    public async Task AnswerAsync(HttpContext context)
    {
        var body = await JsonSerializer.DeserializeAsync<JsonNode>(context.Request.Body.CanRead && context.Request.ContentLength > 0 ? context.Request.Body : new MemoryStream("{}"u8.ToArray()));
        var path = context.Request.Path.Value!;
        if (path == "/ping") await context.Response.WriteAsync(version);
        else if (path.StartsWith("/mcp", StringComparison.Ordinal)) await McpAsync(context, body!);
        else if (path is "/a2a" or "/agent") await A2aAsync(context, body!);
        else await ResponsesAsync(context, path, body!);
    }

    private async Task McpAsync(HttpContext context, JsonNode body)
    {
        if ((string?)body["method"] == "initialize")
        {
            context.Response.Headers["Mcp-Session-Id"] = Make("session");
            await WriteAsync(context, Rpc(body, """{"protocolVersion":"2025-11-25","serverInfo":{"name":"s","version":"1"},"capabilities":{}}"""));
        }
        else if (Knows(context.Request.Headers["Mcp-Session-Id"]))
        {
            await WriteAsync(context, Rpc(body, """{"content":[{"type":"text","text":"done"}],"isError":false}"""));
        }
        else
        {
            context.Response.StatusCode = 404;
            await WriteAsync(context, """{"jsonrpc":"2.0","id":null,"error":{"code":-32001,"message":"Session not found"}}""");
        }
    }

    private async Task A2aAsync(HttpContext context, JsonNode body)
    {
        var message = body["params"]?["message"];
        var ids = new[] { (string?)message?["contextId"], (string?)message?["taskId"], (string?)body["params"]?["id"] }.OfType<string>().ToArray();
        if (ids.Length > 0 && !Knows(ids))
        {
            await WriteAsync(context, """{"jsonrpc":"2.0","id":1,"error":{"code":-32001,"message":"Task not found"}}""");
            return;
        }

        var (contextId, task) = ((string?)message?["contextId"] ?? Make("context"), (string?)body["params"]?["id"] ?? Make("task"));
        var state = $$$"""{"id":"{{{task}}}","contextId":"{{{contextId}}}","status":{"state":"TASK_STATE_COMPLETED"}}""";
        await WriteAsync(context, Rpc(body, (string?)body["method"] == "GetTask" ? state : $$$"""{"task":{{{state}}}}"""));
    }

    private async Task ResponsesAsync(HttpContext context, string path, JsonNode body)
    {
        var named = context.Request.Method == "GET" ? path[(path.LastIndexOf('/') + 1)..] : (string?)body["previous_response_id"];
        if (named is not null && !Knows(named))
        {
            context.Response.StatusCode = 404;
            await WriteAsync(context, """{"error":{"message":"Previous response not found.","type":"invalid_request_error","code":"previous_response_not_found"}}""");
            return;
        }

        var id = context.Request.Method == "GET" ? named! : Make("resp_");
        if ((bool?)body["stream"] == true) await StreamAsync(context, id);
        else await WriteAsync(context, Response(id, "completed"));
    }

    private async Task StreamAsync(HttpContext context, string id)
    {
        context.Response.ContentType = "text/event-stream";
        await context.Response.WriteAsync($"event: response.created\ndata: {{\"type\":\"response.created\",\"response\":{Response(id, "in_progress")}}}\n\n");
        await context.Response.Body.FlushAsync();
        await BeforeEnd();
        await context.Response.WriteAsync($"event: response.completed\ndata: {{\"type\":\"response.completed\",\"response\":{Response(id, "completed")}}}\n\n");
    }

    private static string Response(string id, string status) =>
        $$"""{"id":"{{id}}","object":"response","status":"{{status}}","model":"gpt-x","output":[{"type":"message","content":[{"type":"output_text","text":"hello"}]}]}""";

    private static string Rpc(JsonNode body, string result) => $$$"""{"jsonrpc":"2.0","id":{{{body["id"]?.ToJsonString() ?? "1"}}},"result":{{{result}}}}""";

    private string Make(string kind)
    {
        var id = $"{kind}{version}-{Interlocked.Increment(ref _next)}";
        _ids[id] = 0;
        return id;
    }

    private bool Knows(params IEnumerable<string?> ids)
    {
        var isKnown = ids.All(id => id is not null && _ids.ContainsKey(id));
        Interlocked.Increment(ref isKnown ? ref _known : ref _foreign);
        return isKnown;
    }

    private static Task WriteAsync(HttpContext context, string json)
    {
        context.Response.ContentType = "application/json";
        return context.Response.WriteAsync(json);
    }
}
