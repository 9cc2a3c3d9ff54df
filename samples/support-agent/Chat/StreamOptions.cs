namespace SupportAgent.Chat;

/// <summary>Options of a stream.</summary>
internal sealed record StreamOptions
{
    public bool IncludeUsage { get; init; }
}
