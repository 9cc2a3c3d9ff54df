using AgentCanary.Control;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;

namespace AgentCanary;

/// <summary>Registers rollouts with a host.</summary>
public static class AgentCanaryServices
{
    /// <summary>
    /// Registers a <see cref="CanaryDeployment"/>, by the agent's name as its key and, for the first one, without a key, with a background evaluator that decides and applies.
    /// Register an <see cref="IRolloutStore"/> to keep rollouts across restarts; without one they live in memory.
    /// </summary>
    /// <param name="services">The services.</param>
    /// <param name="name">The agent's name, <c>[a-z0-9._-]{1,64}</c>; unique in the process.</param>
    /// <param name="configure">Sets the versions, the stages and the rest.</param>
    /// <exception cref="ArgumentException">The name is registered already. Or, when the host starts: the terms break a rule; the message names the value and the rule.</exception>
    public static IServiceCollection AddAgentCanary(this IServiceCollection services, string name, Action<HostedDeploymentOptions> configure)
    {
        ArgumentNullException.ThrowIfNull(services);
        ArgumentException.ThrowIfNullOrEmpty(name);
        ArgumentNullException.ThrowIfNull(configure);
        if (services.Any(service => service.ServiceType == typeof(HostedDeployment) && name.Equals(service.ServiceKey)))
            throw new ArgumentException($"Agent '{name}' is registered already: a name stands for one rollout in a process.", nameof(name));
        services.TryAddSingleton(TimeProvider.System);
        services.TryAddSingleton<IRolloutStore, InMemoryStore>();
        services.Configure<HostedDeploymentOptions>(name, options =>
        {
            configure(options);
            options.Deployment.Name = name;
        });
        services.AddKeyedSingleton(name, (provider, _) => new HostedDeployment(
            provider.GetRequiredService<IOptionsMonitor<HostedDeploymentOptions>>().Get(name),
            provider.GetRequiredService<IRolloutStore>(),
            provider.GetRequiredService<TimeProvider>(),
            (provider.GetService<ILoggerFactory>() ?? NullLoggerFactory.Instance).CreateLogger<HostedDeployment>()));
        services.AddKeyedSingleton(name, (provider, _) => provider.GetRequiredKeyedService<HostedDeployment>(name).Deployment);
        services.TryAddSingleton(provider => provider.GetRequiredKeyedService<CanaryDeployment>(name));
        services.AddSingleton<IHostedService>(provider => provider.GetRequiredKeyedService<HostedDeployment>(name));
        return services;
    }
}
