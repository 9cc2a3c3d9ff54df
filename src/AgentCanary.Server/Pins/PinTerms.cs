using AgentCanary.Routing;
using AgentCanary.Spec;

namespace AgentCanary.Server.Pins;

/// <summary>How the calls of one rollout find their conversations and learn new ones. Immutable and thread-safe.</summary>
internal sealed class PinTerms(PinBoard board, RolloutSpec spec, TimeProvider time)
{
    private readonly uint _stable = Pin.VersionOf(spec.Stable.Version);
    private readonly uint _canary = Pin.VersionOf(spec.Canary.Version);

    public PinTable Table { get; } = board.Of(spec.Agent);

    /// <summary>Gets how long a conversation keeps its version after it was last used, in seconds.</summary>
    public uint TimeToLive { get; } = (uint)Math.Clamp(spec.PinTimeToLive.TotalSeconds, 1, int.MaxValue);

    /// <summary>Gets what ends the canary's calls under way when a rollback cuts them.</summary>
    public CancellationToken Cut => board.CutOf(spec.Agent, spec.Canary.Version);

    /// <summary>Gets Unix time in seconds.</summary>
    public uint Now => Pin.SecondsOf(time.GetUtcNow());

    /// <summary>Gets the mark of a variant's version.</summary>
    public uint MarkOf(Variant variant) => variant is Variant.Canary ? _canary : _stable;

    /// <summary>Gets which variant owns a pin; null where its version takes no part in this rollout any more, or the marks of the two cannot be told apart.</summary>
    public Variant? OwnerOf(in Pin pin) => _stable == _canary ? null : pin.Version == _canary ? Variant.Canary : pin.Version == _stable ? Variant.Stable : null;

    public void Keep(in Pin pin, uint now)
    {
        Table.Keep(pin, now);
        board.Tell();
    }

    public void Change(in Pin pin)
    {
        Table.Change(pin);
        board.Tell();
    }
}
