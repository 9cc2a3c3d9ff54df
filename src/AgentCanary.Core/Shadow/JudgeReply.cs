using System.Text.Json;

namespace AgentCanary.Shadow;

/// <summary>Reads what a judge says, strictly: what is not exactly one of its three words is no answer. Pure and thread-safe; never throws.</summary>
public static class JudgeReply
{
    private const string Fence = "```";
    private static readonly JsonDocumentOptions Strict = new() { MaxDepth = 16, AllowDuplicateProperties = false };

    /// <summary>Reads <c>{"winner":"a"}</c>, <c>"b"</c> or <c>"tie"</c>; further members, such as a reason, are left aside.</summary>
    /// <returns>Null for anything else.</returns>
    public static JudgeChoice? Read(ReadOnlyMemory<byte> json) => Read<JudgeChoice?>(json, static root => Member(root, "winner") switch
    {
        "a" => JudgeChoice.First,
        "b" => JudgeChoice.Second,
        "tie" => JudgeChoice.Tie,
        _ => null,
    });

    /// <summary>Reads the same from what a model wrote: the JSON alone, or in one block of code.</summary>
    public static JudgeChoice? ReadText(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        var bare = text.Trim();
        if (bare.StartsWith(Fence, StringComparison.Ordinal) && bare.EndsWith(Fence, StringComparison.Ordinal) && bare.IndexOf('\n') is > 0 and var line)
            bare = bare[line..^Fence.Length];
        return Read(System.Text.Encoding.UTF8.GetBytes(bare));
    }

    /// <summary>Reads the same from the answer of an OpenAI-compatible chat endpoint, which must have one choice.</summary>
    public static JudgeChoice? ReadChat(ReadOnlyMemory<byte> json) => Read(json, Content) is { } content ? ReadText(content) : null;

    private static string? Content(JsonElement root) =>
        root.TryGetProperty("choices", out var choices) && choices.ValueKind is JsonValueKind.Array && choices.GetArrayLength() == 1
        && choices[0].ValueKind is JsonValueKind.Object && choices[0].TryGetProperty("message", out var message) ? Member(message, "content") : null;

    private static string? Member(JsonElement element, string name) =>
        element.ValueKind is JsonValueKind.Object && element.TryGetProperty(name, out var value) && value.ValueKind is JsonValueKind.String ? value.GetString() : null;

    private static T? Read<T>(ReadOnlyMemory<byte> json, Func<JsonElement, T?> read)
    {
        try
        {
            using var document = JsonDocument.Parse(json, Strict);
            return document.RootElement.ValueKind is JsonValueKind.Object ? read(document.RootElement) : default;
        }
        catch (Exception fault) when (fault is JsonException or InvalidOperationException)
        {
            return default;
        }
    }
}
