namespace AgentCanary.Spec;

/// <summary>
/// The agents that are served together: each has a name of its own, and a host of its own or the path <c>/agents/NAME/</c>.
/// </summary>
internal sealed class AgentSet
{
    private readonly Dictionary<string, Place> _names = new(StringComparer.Ordinal);
    private readonly Dictionary<string, Place> _hosts = new(StringComparer.OrdinalIgnoreCase);

    public void Judge(RolloutSpec spec, Place? agent, Place? host)
    {
        if (agent is not null && spec.Agent.Length > 0 && !_names.TryAdd(spec.Agent, agent))
            agent.Fault($"agent '{spec.Agent}' has a rollout already, in {Where(_names[spec.Agent])}: an agent has one rollout at a time");
        if (host is not null && spec.Host is not null && !_hosts.TryAdd(spec.Host, host))
            host.Fault($"host '{spec.Host}' selects another agent already, in {Where(_hosts[spec.Host])}: give each its own host, or none");
    }

    private static string Where(Place place) => $"{place.Log.File} at line {place.Node.Line}";
}
