using System.Text;
using System.Text.Json;

namespace SupportAgent.Chat;

/// <summary>Streams one answer as server-sent events, spread over the latency that chance gave it.</summary>
internal sealed class AnswerStream(HttpContext context, AnswerWriter writer, TimeProvider time)
{
    /// <summary>The share of the latency before the first word, as models take most of their time to begin.</summary>
    private const double FirstShare = 0.5;

    public async Task WriteAsync(Fate fate, bool withUsage)
    {
        context.Response.ContentType = "text/event-stream; charset=utf-8";
        context.Response.Headers.CacheControl = "no-cache";
        var chunks = writer.Chunks().ToList();
        var pause = fate.Latency * ((1 - FirstShare) / chunks.Count);
        await Task.Delay(fate.Latency * FirstShare, time, context.RequestAborted);
        for (var i = 0; i < chunks.Count; i++)
        {
            if (fate.Breaks && i == chunks.Count / 2)
            {
                context.Abort();
                return;
            }

            await SendAsync(JsonSerializer.Serialize(chunks[i], ChatJson.Default.ChatChunk));
            await Task.Delay(pause, time, context.RequestAborted);
        }

        if (withUsage)
        {
            await SendAsync(JsonSerializer.Serialize(writer.UsageChunk(), ChatJson.Default.ChatChunk));
        }

        await SendAsync("[DONE]");
    }

    private async Task SendAsync(string payload)
    {
        await context.Response.Body.WriteAsync(Encoding.UTF8.GetBytes($"data: {payload}\n\n"), context.RequestAborted);
        await context.Response.Body.FlushAsync(context.RequestAborted);
    }
}
