using System.Text.Json;

namespace SupportAgent.Chat;

/// <summary>A message of the conversation so far.</summary>
internal sealed record ChatMessage
{
    public string? Role { get; init; }

    /// <summary>Gets the content: a string, or an array of parts of which the text ones are read.</summary>
    public JsonElement? Content { get; init; }

    public string? ToolCallId { get; init; }

    public bool IsFromUser => Role == "user";

    /// <summary>Reads the text of the content, empty where there is none.</summary>
    public string Text() => Content switch
    {
        { ValueKind: JsonValueKind.String } text => text.GetString()!,
        { ValueKind: JsonValueKind.Array } parts => string.Join(' ', parts.EnumerateArray().Select(PartText)),
        _ => "",
    };

    private static string PartText(JsonElement part) =>
        part.ValueKind == JsonValueKind.Object && part.TryGetProperty("text", out var text) && text.ValueKind == JsonValueKind.String
            ? text.GetString()! : "";
}
