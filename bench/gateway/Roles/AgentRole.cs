using System.Text;

namespace AgentCanary.GatewayBench.Roles;

/// <summary>An agent that costs next to nothing: a chat completion of half a kilobyte, or a stream of eight pieces.</summary>
internal static class AgentRole
{
    private static readonly TimeSpan BetweenPieces = TimeSpan.FromMilliseconds(2);

    private static readonly byte[] Answer = Encoding.UTF8.GetBytes($$$"""
        {"id":"chatcmpl-1","object":"chat.completion","created":1700000000,"model":"support-1","choices":[{"index":0,"message":{"role":"assistant","content":"{{{string.Concat(Enumerable.Repeat("Your order is on its way. ", 12))}}}"},"finish_reason":"stop"}],"usage":{"prompt_tokens":240,"completion_tokens":72,"total_tokens":312}}
        """);

    private static readonly byte[][] Pieces =
    [
        .. Enumerable.Repeat(Encoding.UTF8.GetBytes(Piece("""{"index":0,"delta":{"content":"Your order "},"finish_reason":null}""")), 8),
        Encoding.UTF8.GetBytes(Piece("""{"index":0,"delta":{},"finish_reason":"stop"}""")),
        "data: [DONE]\n\n"u8.ToArray(),
    ];

    public static async Task RunAsync(int port, TimeSpan delay)
    {
        var app = WebServer.Make(port);
        app.Run(async context =>
        {
            await context.Request.Body.CopyToAsync(Stream.Null);
            if (delay > TimeSpan.Zero) await Task.Delay(delay);
            await (context.Request.Path == "/v1/chat/completions" ? AnswerAsync(context.Response) : StreamAsync(context.Response));
        });
        await app.RunAsync();
    }

    private static async Task AnswerAsync(HttpResponse response)
    {
        response.ContentType = "application/json";
        response.ContentLength = Answer.Length;
        await response.Body.WriteAsync(Answer);
    }

    private static async Task StreamAsync(HttpResponse response)
    {
        response.ContentType = "text/event-stream";
        foreach (var piece in Pieces)
        {
            await response.Body.WriteAsync(piece);
            await response.Body.FlushAsync();
            await Task.Delay(BetweenPieces);
        }
    }

    private static string Piece(string choice) =>
        $$"""data: {"id":"chatcmpl-1","object":"chat.completion.chunk","created":1700000000,"model":"support-1","choices":[{{choice}}]}""" + "\n\n";
}
