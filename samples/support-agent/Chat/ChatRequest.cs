using System.Text.Json;

namespace SupportAgent.Chat;

/// <summary>The part of a chat-completions request that this agent reads; the rest is ignored.</summary>
internal sealed record ChatRequest
{
    public string? Model { get; init; }
    public ChatMessage[]? Messages { get; init; }
    public bool Stream { get; init; }
    public StreamOptions? StreamOptions { get; init; }
    public int? MaxTokens { get; init; }
    public int? MaxCompletionTokens { get; init; }
    public OfferedTool[]? Tools { get; init; }
    public JsonElement? ToolChoice { get; init; }

    /// <summary>Gets the names of the functions that the caller wants to run itself.</summary>
    public IEnumerable<string> OfferedFunctions =>
        ToolChoice is { ValueKind: JsonValueKind.String } choice && choice.ValueEquals("none") ? []
        : (Tools ?? []).Select(t => t.Function?.Name).OfType<string>();
}
