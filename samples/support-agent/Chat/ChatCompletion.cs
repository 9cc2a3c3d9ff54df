using System.Text.Json.Serialization;

namespace SupportAgent.Chat;

/// <summary>A whole answer.</summary>
internal sealed record ChatCompletion(string Id, string Object, long Created, string Model, string SystemFingerprint, ChatCompletion.Choice[] Choices, Usage Usage)
{
    internal sealed record Choice(int Index, Message Message, string FinishReason);

    /// <summary>Content and refusal are null by contract where the other one speaks.</summary>
    internal sealed record Message(
        string Role, string? Content, string? Refusal,
        [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] FunctionCall[]? ToolCalls);
}
