using System.Text.Json.Nodes;

namespace SupportAgent.Tools;

/// <summary>A call of a tool that the conversation asks for.</summary>
internal sealed record ToolCall(string Name, JsonObject Arguments);
