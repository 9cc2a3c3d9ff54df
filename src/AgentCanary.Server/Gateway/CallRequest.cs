using AgentCanary.Protocols;
using AgentCanary.Server.Pins;

namespace AgentCanary.Server.Gateway;

/// <summary>A request whose agent is known.</summary>
/// <param name="Route">The agent.</param>
/// <param name="Target">Path and query as the agent gets them.</param>
/// <param name="Prefix">The path prefix that was cut off, or nothing.</param>
/// <param name="StartedAt">When the request came, as a timestamp.</param>
/// <param name="CameAt">When the request came, UTC.</param>
/// <param name="Forced">The variant that an authorised caller asks for, or null.</param>
internal readonly record struct CallRequest(AgentRoute Route, string Target, string Prefix, long StartedAt, DateTimeOffset CameAt, Variant? Forced)
{
    /// <summary>Gets the request's head as protocols read it.</summary>
    public required CallHead Head { get; init; }

    /// <summary>Gets what the call speaks, as far as the request tells.</summary>
    public required AgentProtocol Protocol { get; init; }

    /// <summary>
    /// Gets whether the request may name ids that the agent made. Where its protocol is not known, that is asked only of agents that have made some: plain HTTP is spared the reading.
    /// </summary>
    public bool NamesIds => Protocol.NamesIds && (Protocol != AgentProtocol.Auto || Route.Pins.Table.IsUsed);

    /// <summary>Gets whether the protocol may know where a key is.</summary>
    public bool HasOwnKey => !Route.Keys.IsEmpty && Protocol.MayHaveKey(Head);

    /// <summary>Gets the version pin that the request carries, or null.</summary>
    public CallerPin? Pin { get; init; }

    /// <summary>Gets what another request may cancel the call by, or null.</summary>
    public string? CallId { get; init; }

    /// <summary>Gets the <see cref="CallId"/> of the call that this one cancels, or null.</summary>
    public string? Cancels { get; init; }

    /// <summary>Gets the body that was read, or null.</summary>
    public ReadBody? Body { get; init; }

    /// <summary>Gets whether the request can be sent again: it has no body, or the whole body was read.</summary>
    public bool CanRepeat { get; init; }

    /// <summary>Gets whether stable may be sent the request after the canary was: the file allows it, and it names nothing that the canary made.</summary>
    public bool MayResend { get; init; }

    /// <summary>Gets the sticky key, or null.</summary>
    public string? Key { get; init; }

    /// <summary>Gets who serves.</summary>
    public Assignment Assignment { get; init; }

    /// <summary>Gets the conversation whose ids the request names, or null.</summary>
    public Conversation? Conversation { get; init; }

    /// <summary>Gets the mark of the stage in which the split began the conversation, or 0.</summary>
    public byte Began { get; init; }

    /// <summary>Gets what the shadow will be sent once stable has answered, or null.</summary>
    public ShadowCall? Shadow { get; init; }

    /// <summary>Gets whether it only looks at what another request began.</summary>
    public bool IsRead { get; init; }

    /// <summary>Gets whether the other version is asked the same when the assigned one does not know the id: it is a read, and nobody knows whose.</summary>
    public bool MayAskOther { get; init; }
}
