using SupportAgent.Tools;

namespace SupportAgent;

/// <summary>What the agent says to a conversation.</summary>
internal sealed record Reply
{
    public string? Text { get; init; }
    public string? Refusal { get; init; }

    /// <summary>Gets the tools called: run by the agent, or left to the caller when <see cref="FinishReason"/> is tool_calls.</summary>
    public IReadOnlyList<ToolCall> Calls { get; init; } = [];

    /// <summary>Gets why the answer ends: stop, length, tool_calls or content_filter.</summary>
    public string FinishReason { get; init; } = "stop";

    /// <summary>Gets the outcome class that the agent has to report itself, as nothing in the API's words would tell it; or null.</summary>
    public string? Outcome { get; init; }
}
