using AgentCanary.Server.Controller;
using AgentCanary.Server.Gateway;
using AgentCanary.Server.Health;
using AgentCanary.Server.Reports;
using AgentCanary.Server.Traces;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace AgentCanary.Server.Api;

/// <summary>The API of the people who run rollouts: registers it and puts it behind its guards.</summary>
public static class AdminApi
{
    /// <summary>Registers what the API needs. The host registers the controller (or another <see cref="IRollouts"/>) and the store.</summary>
    public static IServiceCollection AddAdminApi(this IServiceCollection services)
    {
        ArgumentNullException.ThrowIfNull(services);
        services.TryAddSingleton(TimeProvider.System);
        services.TryAddSingleton<IRollouts>(provider => provider.GetRequiredService<RolloutController>());
        services.TryAddSingleton<RolloutRegistry>();
        services.TryAddSingleton<HealthBoard>();
        services.TryAddSingleton<RequestTotals>();
        services.TryAddSingleton<GatewayCounters>();
        services.TryAddSingleton<ShadowPairs>();
        services.TryAddSingleton<TraceCounters>();
        services.TryAddSingleton<StreamSeats>();
        services.AddDecisionIds();
        services.TryAddSingleton<ReportTotals>();
        services.TryAddSingleton(_ => new AnswerNames());
        services.TryAddSingleton<IDecisionMap, LearnedDecisions>();
        services.TryAddSingleton<ReportIntake>();
        return services.AddRouting().AddApiDocument();
    }

    /// <summary>
    /// Answers every request that reaches this place: guards first, then the routes, problem details for all the rest. It has routes of its own, so a host
    /// may put it behind a condition, such as the port, and the gateway beside it.
    /// </summary>
    /// <exception cref="InvalidOperationException">An endpoint declares no permission, or several.</exception>
    public static IApplicationBuilder MapAdminApi(this IApplicationBuilder app)
    {
        ArgumentNullException.ThrowIfNull(app);
        var admin = app.New();
        admin.UseMiddleware<SecurityHeaders>();
        admin.UseMiddleware<ProblemPages>();
        admin.UseMiddleware<BrowserGuard>();
        admin.UseRouting();
        admin.UseMiddleware<PermissionGate>();
        admin.UseMiddleware<RequestLimits>();
        admin.UseEndpoints(endpoints =>
        {
            MapEndpoints(endpoints);
            EndpointPermissions.Check(endpoints);
        });
        var pipeline = admin.Build();
        app.Run(pipeline);
        return app;
    }

    /// <summary>Maps the routes, without the guards.</summary>
    internal static void MapEndpoints(IEndpointRouteBuilder endpoints)
    {
        RolloutEndpoints.Map(endpoints);
        ActEndpoints.Map(endpoints);
        ApplyEndpoint.Map(endpoints);
        DecideEndpoint.Map(endpoints);
        DecisionEndpoints.Map(endpoints);
        ReportEndpoints.Map(endpoints);
        ShadowEndpoint.Map(endpoints);
        StreamEndpoint.Map(endpoints);
        HealthEndpoints.Map(endpoints);
        MetricsEndpoint.Map(endpoints);
        ApiDocument.Map(endpoints);
    }
}
