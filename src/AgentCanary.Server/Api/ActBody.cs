using System.Text.Json.Serialization;

namespace AgentCanary.Server.Api;

/// <summary>The optional body of an act. Unknown members are refused.</summary>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
public sealed record ActBody
{
    /// <summary>Gets why, for the audit; at most 1,000 characters.</summary>
    public string? Reason { get; init; }

    /// <summary>Gets whether a promotion goes to the end at once; for <c>promote</c> only.</summary>
    public bool? Full { get; init; }
}
