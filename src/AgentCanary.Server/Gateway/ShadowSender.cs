namespace AgentCanary.Server.Gateway;

/// <summary>Sends shadow calls to the canary over connections of their own, and reads the answers away. Thread-safe.</summary>
internal static class ShadowSender
{
    /// <summary>Sends one call.</summary>
    /// <exception cref="HttpRequestException">The canary cannot be reached, or its answer broke.</exception>
    /// <exception cref="InvalidOperationException">The body cannot be given the canary's fields, so that the call would not be one of the canary's.</exception>
    public static async Task<ShadowAnswer> SendAsync(ShadowCall call, CancellationToken cancellation)
    {
        var canary = call.Route.Canary;
        using var request = new HttpRequestMessage(new HttpMethod(call.Method), canary.AddressOf(call.Target)) { Version = canary.Terms.Version!, VersionPolicy = canary.Terms.VersionPolicy!.Value };
        if (call.Body.Length > 0) request.Content = new ByteArrayContent(Edit(call, canary));
        ShadowHeaders.Put(call, canary, request);
        using var response = await canary.ShadowClient.SendAsync(request, cancellation);
        await using var body = await response.Content.ReadAsStreamAsync(cancellation);
        await body.CopyToAsync(Stream.Null, cancellation);
        return new((int)response.StatusCode);
    }

    private static byte[] Edit(ShadowCall call, Upstream canary) => canary.Spec.Set.IsEmpty ? call.Body
        : JsonEdit.TrySet(call.Body, canary.Spec.Set) ?? throw new InvalidOperationException("The body is not one JSON object, so the canary's fields cannot be set.");
}
