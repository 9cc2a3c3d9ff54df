using System.Collections.Immutable;

namespace AgentCanary.Spec;

/// <summary>
/// What a person wrote: one change of one agent. Immutable and thread-safe; a value made by <see cref="SpecBinder"/> has been judged.
/// </summary>
public sealed record RolloutSpec
{
    /// <summary>Gets the agent's name, <c>[a-z0-9._-]{1,64}</c>.</summary>
    public required string Agent { get; init; }

    /// <summary>Gets the version that was there before.</summary>
    public required VersionSpec Stable { get; init; }

    /// <summary>Gets the version that is rolled out.</summary>
    public required VersionSpec Canary { get; init; }

    /// <summary>Gets the stages, at least one; the last one is 100 %.</summary>
    public required ImmutableArray<Stage> Stages { get; init; }

    /// <summary>
    /// Gets the host that selects this agent when the gateway fronts several, or null for the path prefix <c>/agents/NAME/</c>.
    /// </summary>
    public string? Host { get; init; }

    /// <summary>Gets how keys are found and hashed.</summary>
    public StickySpec Sticky { get; init; } = new();

    /// <summary>Gets the protocol: <c>auto</c> unless set.</summary>
    public string Protocol { get; init; } = "auto";

    /// <summary>Gets the cohorts that stages and <see cref="Exclude"/> name.</summary>
    public ImmutableArray<Cohort> Cohorts { get; init; } = [];

    /// <summary>Gets the cohorts that never get the canary.</summary>
    public ImmutableArray<string> Exclude { get; init; } = [];

    /// <summary>Gets how a verdict is reached.</summary>
    public AnalysisSpec Analysis { get; init; } = new();

    /// <summary>Gets how versions are probed, or null for a single TCP connect before any traffic.</summary>
    public HealthSpec? Health { get; init; }

    /// <summary>Gets how long a conversation keeps its version: 24 h unless set.</summary>
    public TimeSpan PinTimeToLive { get; init; } = TimeSpan.FromHours(24);

    /// <summary>Gets what a rollback does to conversations on the canary.</summary>
    public PinsOnRollback PinsOnRollback { get; init; }

    /// <summary>Gets when stable answers a request that the canary failed.</summary>
    public RescueMode Rescue { get; init; }

    /// <summary>
    /// Gets the paths whose requests <see cref="RescueMode.BeforeFirstByte"/> may send a second time whatever their method, each whole or with <c>/*</c> at its end for all below. The default array
    /// unless set: the calls of models that <see cref="Protocols.AgentProtocol.AsksModel"/> knows. GET, HEAD and OPTIONS may always be sent again.
    /// </summary>
    public ImmutableArray<string> RescueRoutes { get; init; }

    /// <summary>Gets what models cost; none unless set. Names are unique.</summary>
    public ImmutableArray<ModelPrice> Prices { get; init; } = [];

    /// <summary>Gets what stages may show to the canary as a shadow, or null for the defaults of <see cref="ShadowSpec"/>.</summary>
    public ShadowSpec? Shadow { get; init; }
}
