namespace AgentCanary.Protocols.OpenAiResponses;

/// <summary>Reads signs.</summary>
internal static class ResponsesSigns
{
    /// <summary>Gets what the types of most events begin with.</summary>
    public static ReadOnlySpan<byte> Prefix => "response."u8;

    private static readonly (byte[] Word, ResponsesSign Sign)[] Known =
    [
        ("completed"u8.ToArray(), ResponsesSign.Completed),
        ("incomplete"u8.ToArray(), ResponsesSign.Incomplete),
        ("failed"u8.ToArray(), ResponsesSign.Failed),
        ("error"u8.ToArray(), ResponsesSign.Failed),
        ("cancelled"u8.ToArray(), ResponsesSign.Cancelled),
        ("queued"u8.ToArray(), ResponsesSign.Open),
        ("in_progress"u8.ToArray(), ResponsesSign.Open),
        ("refusal.delta"u8.ToArray(), ResponsesSign.Refusal),
        ("refusal.done"u8.ToArray(), ResponsesSign.Refusal),
    ];

    /// <summary>Reads a status, such as <c>failed</c>, or an event's type, such as <c>response.failed</c> or <c>response.mcp_call.failed</c>.</summary>
    public static ResponsesSign Of(ReadOnlySpan<byte> text)
    {
        var word = text.StartsWith(Prefix) ? text[Prefix.Length..] : text;
        foreach (var (known, sign) in Known)
            if (word.SequenceEqual(known)) return sign;
        return word.EndsWith(".failed"u8) ? ResponsesSign.ToolFailure : ResponsesSign.None;
    }
}
