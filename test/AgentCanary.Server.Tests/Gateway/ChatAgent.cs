using Microsoft.AspNetCore.Http;

namespace AgentCanary.Server.Gateway;

/// <summary>Chat completions as tests want them, whole or in chunks.</summary>
internal static class ChatAgent
{
    public const string Route = "/v1/chat/completions";
    public const string Done = "data: [DONE]\n\n";

    public static string Role { get; } = Chunk("""{"role":"assistant","content":""}""");

    public static string Chunk(string delta, string reason = "null") =>
        $$"""data: {"id":"chatcmpl-1","object":"chat.completion.chunk","model":"gpt-x","choices":[{"index":0,"delta":{{delta}},"finish_reason":{{reason}}}]}""" + "\n\n";

    public static string Whole(string message, string reason = "\"stop\"") =>
        $$$"""{"id":"chatcmpl-1","object":"chat.completion","model":"gpt-x","choices":[{"index":0,"message":{{{message}}},"finish_reason":{{{reason}}}}],"usage":{"prompt_tokens":30,"completion_tokens":12}}""";

    /// <summary>Sends some chunks at once.</summary>
    public static async Task StreamAsync(HttpContext context, params string[] chunks)
    {
        if (!context.Response.HasStarted) context.Response.ContentType = "text/event-stream";
        foreach (var chunk in chunks) await context.Response.WriteAsync(chunk);
        await context.Response.Body.FlushAsync();
    }

    public static Task AnswerAsync(HttpContext context, string json)
    {
        context.Response.ContentType = "application/json";
        return context.Response.WriteAsync(json);
    }
}
