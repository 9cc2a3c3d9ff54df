using AgentCanary.Server.Gateway;
using Microsoft.Extensions.DependencyInjection;

namespace AgentCanary.Server.Traces;

/// <summary>Puts the recorder into a host of the gateway.</summary>
internal static class TraceServices
{
    /// <summary>Records every outcome. <see cref="TraceCounters"/> are shared with the rest of the host.</summary>
    public static IServiceCollection AddTraceRecorder(this IServiceCollection services, TraceOptions options)
    {
        services.AddSingleton(options).AddSingleton<TracePieces>().AddSingleton<TraceRecorder>();
        services.AddSingleton<IOutcomeTap>(provider => provider.GetRequiredService<TraceRecorder>());
        return services.AddHostedService(provider => provider.GetRequiredService<TraceRecorder>());
    }
}
