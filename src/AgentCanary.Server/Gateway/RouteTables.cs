using System.Collections.Immutable;
using AgentCanary.Server.Pins;
using AgentCanary.Spec;
using Microsoft.Extensions.Options;

namespace AgentCanary.Server.Gateway;

/// <summary>Keeps the newest route table: compiled when a rollout is published or its spec replaced, else read by one comparison per request. Thread-safe.</summary>
internal sealed class RouteTables(RolloutRegistry registry, RequestTotals totals, PinBoard pins, IOptions<GatewayOptions> options, TimeProvider time)
{
    private readonly Lock _gate = new();
    private volatile RouteTable _table = RouteTable.Empty;

    /// <summary>Gets the table of what is published now.</summary>
    public RouteTable Current => ReferenceEquals(_table.Source, registry.Current) ? _table : Compile();

    /// <summary>Compiles anew, because a spec was seen that the table does not hold.</summary>
    public RouteTable Compile()
    {
        lock (_gate)
        {
            var source = registry.Current;
            var old = _table.Routes;
            var routes = source.Values.Where(runtime => runtime.Spec is { Stable.Url: not null, Canary.Url: not null })
                .Select(runtime => Route(runtime, runtime.Spec, old)).ToImmutableDictionary(route => route.Agent);
            return _table = new(source, routes);
        }
    }

    private AgentRoute Route(CanaryRuntime runtime, RolloutSpec spec, ImmutableDictionary<string, AgentRoute> old)
    {
        var before = old.GetValueOrDefault(spec.Agent);
        if (before is not null && ReferenceEquals(before.Runtime, runtime) && ReferenceEquals(before.Spec, spec)) return before;
        return new(runtime, spec, Keep(before, spec, spec.Stable, Variant.Stable), Keep(before, spec, spec.Canary, Variant.Canary), before?.Budget ?? Budget(),
            spec.Rescue is RescueMode.BeforeFirstByte ? before?.Resends ?? Budget() : null, new(pins, spec, time));
    }

    private RescueBudget Budget() => new(options.Value.RescueShare, options.Value.RescueMinimum, time);

    private Upstream Keep(AgentRoute? before, RolloutSpec spec, VersionSpec version, Variant variant)
    {
        if (before?.Stable.Serves(version, variant) == true) return before.Stable;
        if (before?.Canary.Serves(version, variant) == true) return before.Canary;
        return new(version, variant, totals.Of(spec.Agent, version.Version, variant), options.Value);
    }
}
