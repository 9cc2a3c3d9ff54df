using System.Buffers;
using AgentCanary.Protocols;

namespace AgentCanary.Server.Gateway;

/// <summary>Sends shadow calls to the canary over connections of their own, and reads the answers. Thread-safe.</summary>
internal static class ShadowSender
{
    /// <summary>Sends one call.</summary>
    /// <exception cref="HttpRequestException">The canary cannot be reached, or its answer broke.</exception>
    /// <exception cref="InvalidOperationException">The body cannot be given the canary's fields, so that the call would not be one of the canary's.</exception>
    public static async Task<ShadowAnswer> SendAsync(ShadowCall call, DateTimeOffset now, CancellationToken cancellation)
    {
        var canary = call.Route.Canary;
        using var request = new HttpRequestMessage(new HttpMethod(call.Method), canary.AddressOf(call.Target)) { Version = canary.Terms.Version!, VersionPolicy = canary.Terms.VersionPolicy!.Value };
        if (call.Body.Length > 0) request.Content = new ByteArrayContent(Edit(call, canary));
        ShadowHeaders.Put(call, canary, request);
        using var response = await canary.ShadowClient.SendAsync(request, cancellation);
        await using var stream = await response.Content.ReadAsStreamAsync(cancellation);
        var body = response.Content.Headers.ContentEncoding.Count == 0 ? await ReadAsync(stream, cancellation) : null;
        var reading = Read(call, response, body);
        return new((int)response.StatusCode, body)
        {
            RetryAfter = RetryAfter.Read(response.Headers.RetryAfter, now),
            Tokens = reading.Usage?.Total,
            Cost = call.Route.Prices.CostOf(reading.Model, reading.Usage),
        };
    }

    // What is too long or encoded has not said what it took.
    private static AnswerReading Read(ShadowCall call, HttpResponseMessage response, ReadOnlyMemory<byte>? body)
    {
        if (body is not { } bytes) return default;
        var head = new CallHead(call.Method, RequestTarget.PathOf(call.Target).ToString(), new ShadowFields(call.Headers));
        var reader = call.Route.Protocol.Of(head).Open(head, new((int)response.StatusCode, new AgentFields(response.Headers, response.Content.Headers)));
        reader.Read(bytes.Span);
        return reader.End(AnswerEnd.Complete);
    }

    // What is longer than can be compared is left, and its connection closed.
    private static async ValueTask<ReadOnlyMemory<byte>?> ReadAsync(Stream body, CancellationToken cancellation)
    {
        var bytes = new ArrayBufferWriter<byte>();
        while (await body.ReadAsync(bytes.GetMemory(4096), cancellation) is > 0 and var read)
        {
            bytes.Advance(read);
            if (bytes.WrittenCount > ShadowGate.MostBytes) return null;
        }
        return bytes.WrittenMemory;
    }

    private static byte[] Edit(ShadowCall call, Upstream canary) => canary.Spec.Set.IsEmpty ? call.Body
        : JsonEdit.TrySet(call.Body, canary.Spec.Set) ?? throw new InvalidOperationException("The body is not one JSON object, so the canary's fields cannot be set.");
}
