using System.Net;

namespace AgentCanary.Server.Gateway;

/// <summary>Tells whether an answer says that the agent does not know the id that it was asked for: by its status, or as JSON-RPC does under 200.</summary>
internal static class UnknownId
{
    // An error is short, and an agent sends it in one piece. More is not waited for: what is no such error passes at once.
    private const int MaxBody = 4 << 10;

    // A2A's TaskNotFoundError. Where the number means something else, asking another version the same is no harm: only reads come here.
    private const string JsonRpcCode = "-32001";

    private static readonly string[] ErrorCode = ["error", "code"];

    /// <summary>Judges an answer before anything of it has been passed on; its body can still be read from the beginning afterwards.</summary>
    public static async ValueTask<bool> IsToldByAsync(HttpResponseMessage answer, CancellationToken cancellationToken)
    {
        if (answer.StatusCode is HttpStatusCode.NotFound) return true;
        if (answer.StatusCode is not (HttpStatusCode.OK or HttpStatusCode.BadRequest) || answer.Content.Headers.ContentType?.MediaType is not "application/json"
            || answer.Content.Headers.ContentEncoding.Count > 0 || answer.Content.Headers.ContentLength > MaxBody) return false;
        var body = await answer.Content.ReadAsStreamAsync(cancellationToken);
        var buffer = new byte[MaxBody];
        var length = await body.ReadAsync(buffer, cancellationToken);
        AnswerBody.Replace(answer, new PrefixedStream(buffer.AsMemory(0, length), body));
        return JsonField.Find(buffer.AsSpan(0, length), ErrorCode) == JsonRpcCode;
    }
}
