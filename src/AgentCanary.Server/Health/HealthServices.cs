using AgentCanary.Server.Gateway;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace AgentCanary.Server.Health;

/// <summary>Puts the health probes into a host.</summary>
public static class HealthServices
{
    /// <summary>
    /// Adds the probes of every version. They take <see cref="GatewayOptions.ProbeTimeout"/> and <see cref="GatewayOptions.AllowExecProbes"/>,
    /// and post on the <see cref="HealthBoard"/>.
    /// </summary>
    public static IServiceCollection AddHealthProbes(this IServiceCollection services)
    {
        ArgumentNullException.ThrowIfNull(services);
        services.AddOptions<GatewayOptions>();
        services.TryAddSingleton(TimeProvider.System);
        services.TryAddSingleton<RolloutRegistry>();
        services.TryAddSingleton<HealthBoard>();
        return services.AddHostedService<HealthProber>();
    }
}
