using System.Text.Json.Nodes;

namespace SupportAgent.Tools;

/// <summary>What a tool call came to: a value, or the error that it ended with.</summary>
internal sealed record ToolResult(ToolCall Call, JsonObject? Value, string? Error);
