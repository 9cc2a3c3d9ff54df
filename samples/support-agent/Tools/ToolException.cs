namespace SupportAgent.Tools;

/// <summary>A tool call that failed.</summary>
internal sealed class ToolException(string message) : Exception(message);
