using System.Collections.Frozen;
using System.Collections.Immutable;
using AgentCanary.Protocols;
using AgentCanary.Server.Pins;
using AgentCanary.Spec;

namespace AgentCanary.Server.Gateway;

/// <summary>One agent as the gateway serves it: compiled once from its spec. Immutable.</summary>
internal sealed class AgentRoute
{
    public AgentRoute(CanaryRuntime runtime, RolloutSpec spec, Upstream stable, Upstream canary, RescueBudget budget, RescueBudget? resends, PinTerms pins)
    {
        (Runtime, Spec, Stable, Canary, Budget, Resends, Pins) = (runtime, spec, stable, canary, budget, resends, pins);
        Agent = spec.Agent;
        Rollout = DecisionId.RolloutOf(spec);
        Protocol = AgentProtocol.Find(spec.Protocol) ?? AgentProtocol.Auto;
        Prices = spec.Prices.IsDefaultOrEmpty ? PriceTable.Empty : new(spec.Prices);
        Keys = [.. spec.Sticky.Key.Select(KeySource.TryParse).OfType<KeySource>()];
        ReadsBody = Keys.Any(key => key.Kind == KeySourceKind.Body) || !stable.Spec.Set.IsEmpty || !canary.Spec.Set.IsEmpty;
        Attributes = spec.Cohorts.SelectMany(cohort => cohort.Rules).Select(rule => rule.Attribute).Distinct()
            .Select(name => KeyValuePair.Create(name, KeySource.TryParse(name)!)).Where(pair => pair.Value is { Kind: not KeySourceKind.Body })
            .ToFrozenDictionary(StringComparer.Ordinal);
    }

    public CanaryRuntime Runtime { get; }

    public RolloutSpec Spec { get; }

    public string Agent { get; }

    /// <summary>Gets the rollout's name in decision ids.</summary>
    public ulong Rollout { get; }

    public Upstream Stable { get; }

    public Upstream Canary { get; }

    /// <summary>Gets the budget of rescues that send a request for the first time.</summary>
    public RescueBudget Budget { get; }

    /// <summary>Gets the budget of rescues that send it a second time; null where the file asks for none.</summary>
    public RescueBudget? Resends { get; }

    public PinTerms Pins { get; }

    /// <summary>Gets what the agent speaks, as the file says.</summary>
    public AgentProtocol Protocol { get; }

    /// <summary>Gets what models cost.</summary>
    public PriceTable Prices { get; }

    public ImmutableArray<KeySource> Keys { get; }

    /// <summary>Gets whether request bodies are read, for a key in them or for fields to set.</summary>
    public bool ReadsBody { get; }

    /// <summary>Gets where the attributes that cohorts ask for stand.</summary>
    public FrozenDictionary<string, KeySource> Attributes { get; }

    /// <summary>Gets the version that is not this one.</summary>
    public Upstream Other(Upstream upstream) => upstream.Variant == Variant.Canary ? Stable : Canary;

    /// <summary>Finds who serves an assignment; null when it was made under a newer spec than this one.</summary>
    public Upstream? Find(in Assignment assignment)
    {
        var upstream = assignment.Variant == Variant.Canary ? Canary : Stable;
        return upstream.Spec.Version == assignment.Version ? upstream : null;
    }
}
