using System.Collections.Immutable;

namespace AgentCanary.Protocols;

/// <summary>What a request asks for. Immutable and thread-safe.</summary>
/// <param name="Model">The model that is asked for, or null.</param>
/// <param name="Streams">Whether the answer is wanted as a stream.</param>
/// <param name="Key">The protocol's own key of the conversation or the user, not empty, or null where the request has none.</param>
public readonly record struct RequestReading(string? Model, bool Streams, string? Key)
{
    /// <summary>Gets the ids that the request hands back to the agent that made them, the one that decides first; empty where it names none.</summary>
    public ImmutableArray<MintedId> Ids
    {
        get => field.IsDefault ? [] : field;
        init;
    }

    /// <summary>Gets whether it does no harm to ask another version the same when the first one does not know the id: a look, a poll, a cancel.</summary>
    public bool IsRead { get; init; }

    /// <summary>Gets the protocol that the body told, where route and headers had not; else null.</summary>
    public AgentProtocol? Protocol { get; init; }

    /// <summary>Gets what names the call among all that its agent has under way, so that another request can cancel it; null where none can.</summary>
    public string? CallId { get; init; }

    /// <summary>Gets the <see cref="CallId"/> of the call that this request cancels, or null.</summary>
    public string? Cancels { get; init; }

    /// <summary>Keeps those ids that there are.</summary>
    internal static ImmutableArray<MintedId> Named(params ReadOnlySpan<(MintedIdKind Kind, string? Value)> ids)
    {
        ImmutableArray<MintedId> named = [];
        foreach (var (kind, value) in ids)
            if (value is { Length: > 0 }) named = named.Add(new(kind, value));
        return named;
    }
}
