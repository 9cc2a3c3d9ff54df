using System.Collections.Immutable;

namespace AgentCanary.Server.Gateway;

/// <summary>Every agent that the gateway serves. Immutable.</summary>
/// <param name="Source">The published rollouts that it was compiled from.</param>
/// <param name="Routes">The agents by name.</param>
internal sealed record RouteTable(ImmutableDictionary<string, CanaryRuntime> Source, ImmutableDictionary<string, AgentRoute> Routes)
{
    private readonly AgentRoute? _only = Routes.Count == 1 ? Routes.Values.Single() : null;
    private readonly ImmutableDictionary<string, AgentRoute> _hosts = Routes.Values.Where(route => route.Spec.Host is not null)
        .GroupBy(route => route.Spec.Host!, StringComparer.OrdinalIgnoreCase)
        .ToImmutableDictionary(group => group.Key, group => group.First(), StringComparer.OrdinalIgnoreCase);

    public static RouteTable Empty { get; } = new([], []);

    /// <summary>Finds the agent of a request: the only one, or by host, or by the path prefix <c>/agents/NAME/</c>, which is then cut off the target.</summary>
    public AgentRoute? Find(string host, string target, out string rest)
    {
        rest = target;
        if (_only is not null) return _only;
        if (_hosts.TryGetValue(host, out var byHost)) return byHost;
        return RequestTarget.TrySplit(target, out var agent, out rest) ? Routes.GetValueOrDefault(agent.ToString()) : null;
    }
}
