using System.Text.Json.Serialization;

namespace SupportAgent.Chat;

/// <summary>A tool call as the API writes it; <see cref="Index"/> stands in streams only.</summary>
internal sealed record FunctionCall(string Id, string Type, FunctionCall.Target Function)
{
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public int? Index { get; init; }

    internal sealed record Target(string Name, string Arguments);
}
