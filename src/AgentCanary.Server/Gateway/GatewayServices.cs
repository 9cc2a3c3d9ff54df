using AgentCanary.Server.Outbound;
using AgentCanary.Server.Pins;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;

namespace AgentCanary.Server.Gateway;

/// <summary>Puts the gateway into a host.</summary>
public static class GatewayServices
{
    /// <summary>Adds what the gateway needs. <see cref="RolloutRegistry"/>, <see cref="PinBoard"/> and <see cref="RequestTotals"/> are shared with the rest of the host.</summary>
    public static IServiceCollection AddGateway(this IServiceCollection services, Action<GatewayOptions>? configure = null)
    {
        ArgumentNullException.ThrowIfNull(services);
        services.AddOptions<GatewayOptions>().Configure(configure ?? (_ => { })).ValidateOnStart();
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IValidateOptions<GatewayOptions>, GatewayOptionsValidator>());
        services.TryAddSingleton(TimeProvider.System);
        services.TryAddSingleton<RolloutRegistry>();
        services.TryAddSingleton<RequestTotals>();
        services.TryAddSingleton<GatewayCounters>();
        services.TryAddSingleton<PinBoard>();
        services.AddDecisionIds();
        services.TryAddSingleton<VersionPins>();
        services.TryAddSingleton(_ => new AnswerNames());
        services.TryAddSingleton<RouteTables>();
        services.TryAddSingleton<ShadowGate>();
        services.TryAddSingleton<ShadowPairs>();
        services.TryAddSingleton<OutboundClient>();
        services.TryAddSingleton<JudgeEndpoint>();
        services.TryAddSingleton<JudgeQueues>();
        services.TryAddSingleton<ShadowComparer>();
        services.TryAddSingleton<ShadowQueues>();
        services.TryAddSingleton<CallForwarder>();
        services.TryAddSingleton<AgentProxy>();
        services.AddHttpForwarder();
        return services;
    }

    /// <summary>Adds what makes and reads decision ids, by the key in <see cref="GatewayOptions.DataDirectory"/>. Hosts of one process share one instance.</summary>
    internal static void AddDecisionIds(this IServiceCollection services) =>
        services.TryAddSingleton(provider => new DecisionIds(DecisionKey.FindOrMake(provider.GetRequiredService<IOptions<GatewayOptions>>().Value.DataDirectory)));

    /// <summary>Ends a pipeline with the gateway: every request that comes here is proxied.</summary>
    public static void RunGateway(this IApplicationBuilder app)
    {
        ArgumentNullException.ThrowIfNull(app);
        app.Run(app.ApplicationServices.GetRequiredService<AgentProxy>().InvokeAsync);
    }

    /// <summary>Gives the gateway every request of some listeners, and leaves the others to the rest of the pipeline. Call it before routing.</summary>
    /// <param name="app">The pipeline.</param>
    /// <param name="isData">Tells whether a request came by the data listener, such as by its local port.</param>
    public static IApplicationBuilder UseGateway(this IApplicationBuilder app, Func<HttpContext, bool> isData)
    {
        ArgumentNullException.ThrowIfNull(app);
        return app.MapWhen(isData, branch => branch.RunGateway());
    }
}
