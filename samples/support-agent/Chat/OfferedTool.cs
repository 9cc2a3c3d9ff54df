namespace SupportAgent.Chat;

/// <summary>A tool that the caller offers.</summary>
internal sealed record OfferedTool(string? Type, OfferedTool.Signature? Function)
{
    internal sealed record Signature(string? Name);
}
