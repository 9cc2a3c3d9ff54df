using System.Text.Json;

namespace SupportAgent.Chat;

/// <summary>POST /v1/chat/completions. Thread-safe.</summary>
internal sealed class ChatEndpoint(Knobs knobs, Chance chance, Agent agent, TimeProvider time)
{
    private const string DefaultModel = "support-agent";
    private long _answers;

    public async Task AnswerAsync(HttpContext context)
    {
        var (request, fault) = await ReadAsync(context.Request, context.RequestAborted);
        if (fault is not null)
        {
            await WriteErrorAsync(context, StatusCodes.Status400BadRequest, fault);
            return;
        }

        var fate = chance.Next();
        if (fate.Fails)
        {
            await Task.Delay(fate.Latency, time, context.RequestAborted);
            await WriteErrorAsync(context, StatusCodes.Status500InternalServerError, ChatError.Server);
            return;
        }

        var reply = agent.Answer(request!, fate);
        Report(context.Response, reply, fate);
        await WriteAsync(context, Write(request!, reply), request!, fate);
    }

    private AnswerWriter Write(ChatRequest request, Reply reply)
    {
        var id = $"chatcmpl-{knobs.Seed:x8}{Interlocked.Increment(ref _answers):x12}";
        return new AnswerWriter(reply, request, id, time.GetUtcNow().ToUnixTimeSeconds(), request.Model ?? DefaultModel, knobs.Version);
    }

    private async Task WriteAsync(HttpContext context, AnswerWriter writer, ChatRequest request, Fate fate)
    {
        if (request.Stream)
        {
            await new AnswerStream(context, writer, time).WriteAsync(fate, request.StreamOptions?.IncludeUsage ?? false);
            return;
        }

        await Task.Delay(fate.Latency, time, context.RequestAborted);
        await context.Response.WriteAsJsonAsync(writer.Whole(), ChatJson.Default.ChatCompletion, cancellationToken: context.RequestAborted);
    }

    private static void Report(HttpResponse response, Reply reply, Fate fate)
    {
        response.Headers["X-Agent-Score"] = FormattableString.Invariant($"quality={fate.Quality:0.000}");
        if (reply.Outcome is { } outcome)
        {
            response.Headers["X-Agent-Outcome"] = outcome;
        }
    }

    private static async Task<(ChatRequest? Request, ChatError? Fault)> ReadAsync(HttpRequest http, CancellationToken cancellationToken)
    {
        try
        {
            var request = await JsonSerializer.DeserializeAsync(http.Body, ChatJson.Default.ChatRequest, cancellationToken);
            return request switch
            {
                null or { Messages: null or [] } => (null, ChatError.Invalid("'messages' is missing or empty; send at least one message.", "messages")),
                _ when Array.Exists(request.Messages, m => m is null || m.Role is null) => (null, ChatError.Invalid("Each message needs a 'role'.", "messages")),
                { MaxTokens: < 1 } or { MaxCompletionTokens: < 1 } => (null, ChatError.Invalid("'max_completion_tokens' has to be at least 1.", "max_completion_tokens")),
                _ => (request, null),
            };
        }
        catch (JsonException error)
        {
            return (null, ChatError.Invalid($"The body is not the JSON of a chat completion: {error.Message}", null));
        }
    }

    private static Task WriteErrorAsync(HttpContext context, int status, ChatError error)
    {
        context.Response.StatusCode = status;
        return context.Response.WriteAsJsonAsync(error, ChatJson.Default.ChatError, cancellationToken: context.RequestAborted);
    }
}
