using System.Collections.Immutable;

namespace AgentCanary.Spec;

/// <summary>How a request's sticky key is found and hashed.</summary>
public sealed record StickySpec
{
    /// <summary>
    /// Gets the sources, the first one present wins: <c>header:NAME</c>, <c>cookie:NAME</c>, <c>body:$.path</c>. Empty means a random draw
    /// per request.
    /// </summary>
    public ImmutableArray<string> Key { get; init; } = ["header:x-user-id"];

    /// <summary>Gets the hash.</summary>
    public StickyHashKind Hash { get; init; }
}
