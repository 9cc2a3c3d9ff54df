using Microsoft.Extensions.AI;
using Microsoft.Extensions.DependencyInjection;

namespace AgentCanary;

/// <summary>Registers chat clients with a host.</summary>
public static class CanaryChatServices
{
    /// <summary>
    /// Registers an <see cref="IChatClient"/> with the key <paramref name="name"/>, which routes over two others: those with the keys <c>name/VERSION</c>, or <c>VERSION</c>, of the
    /// stable and the canary version of a deployment.
    /// </summary>
    /// <param name="services">The services.</param>
    /// <param name="name">The key; not empty, and no other chat client's.</param>
    /// <param name="agent">The agent's name, as <see cref="AgentCanaryServices.AddAgentCanary"/> has it. Where null: <paramref name="name"/>, or the only agent there is.</param>
    /// <exception cref="ArgumentException">The key is taken.</exception>
    /// <remarks>When the client is first asked for, an <see cref="InvalidOperationException"/> names the agent or every version that is not registered.</remarks>
    public static IServiceCollection AddCanaryChatClient(this IServiceCollection services, string name, string? agent = null)
    {
        ArgumentNullException.ThrowIfNull(services);
        ArgumentException.ThrowIfNullOrEmpty(name);
        if (services.Any(service => service.ServiceType == typeof(IChatClient) && name.Equals(service.ServiceKey)))
            throw new ArgumentException($"A chat client with the key '{name}' is registered already: register the versions as '{name}/VERSION'.", nameof(name));
        return services.AddKeyedSingleton<IChatClient>(name, (provider, _) => Make(provider, name, agent));
    }

    private static CanaryChatClient Make(IServiceProvider provider, string name, string? agent)
    {
        var deployment = Deployment(provider, name, agent);
        var spec = deployment.State.Spec;
        var (stable, canary) = (Find(provider, name, spec.Stable.Version), Find(provider, name, spec.Canary.Version));
        if (stable is not null && canary is not null) return new(deployment, stable, canary);
        var missing = new[] { (Client: stable, spec.Stable.Version), (Client: canary, spec.Canary.Version) }.Where(version => version.Client is null);
        throw new InvalidOperationException($"No chat client is registered with the key {string.Join(" or ", missing.Select(version => $"'{name}/{version.Version}'"))}: "
            + "add one for each version, with AddKeyedSingleton<IChatClient>.");
    }

    private static CanaryDeployment Deployment(IServiceProvider provider, string name, string? agent)
    {
        if (provider.GetKeyedService<CanaryDeployment>(agent ?? name) is { } named) return named;
        var isOnly = provider.GetKeyedServices<HostedDeployment>(KeyedService.AnyKey).Count() <= 1;
        return agent is null && isOnly && provider.GetService<CanaryDeployment>() is { } only ? only
            : throw new InvalidOperationException($"No agent '{agent ?? name}' is registered for the chat client '{name}': "
                + "call AddAgentCanary, or name the agent that it is, AddCanaryChatClient(name, agent).");
    }

    private static IChatClient? Find(IServiceProvider provider, string name, string version) =>
        provider.GetKeyedService<IChatClient>($"{name}/{version}") ?? (version == name ? null : provider.GetKeyedService<IChatClient>(version));
}
