using System.Text.Json;
using Microsoft.AspNetCore.Http;

namespace AgentCanary.Server.Gateway;

/// <summary>Writes refusals as problem details (RFC 9457).</summary>
internal static class Problem
{
    public static async Task WriteAsync(HttpContext context, Refusal refusal, string? agent = null)
    {
        var response = context.Response;
        if (response.HasStarted || context.RequestAborted.IsCancellationRequested) return;
        response.StatusCode = refusal.Status;
        if (refusal.Closes && !HttpProtocol.IsHttp2(context.Request.Protocol)) response.Headers.Connection = "close";
        response.ContentType = "application/problem+json";
        var body = Body(refusal, agent);
        response.ContentLength = body.Length;
        if (!HttpMethods.IsHead(context.Request.Method)) await response.Body.WriteAsync(body, context.RequestAborted);
    }

    private static byte[] Body(Refusal refusal, string? agent)
    {
        using var stream = new MemoryStream(256);
        using (var json = new Utf8JsonWriter(stream))
        {
            json.WriteStartObject();
            json.WriteString("type", "urn:agentcanary:problem:" + refusal.Reason.Replace('_', '-'));
            json.WriteString("title", refusal.Reason.Replace('_', ' '));
            json.WriteNumber("status", refusal.Status);
            json.WriteString("detail", refusal.Detail);
            json.WriteString("reason", refusal.Reason);
            if (agent is not null) json.WriteString("agent", agent);
            json.WriteEndObject();
        }

        return stream.ToArray();
    }
}
