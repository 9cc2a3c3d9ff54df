using System.Collections.Immutable;
using AgentCanary.Server.Controller;
using AgentCanary.Server.Health;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace AgentCanary.Server.Api;

/// <summary>Says whether the process lives, and whether it is ready for traffic.</summary>
internal static class HealthEndpoints
{
    public static void Map(IEndpointRouteBuilder endpoints)
    {
        endpoints.MapGet("/livez", () => TypedResults.Text("ok\n")).Requires(Permission.Anyone).WithName("livez").WithSummary("Answers while the process lives.")
            .Produces<string>(200, "text/plain");
        endpoints.MapGet("/readyz", Ready).Requires(Permission.Anyone).WithName("readyz").WithSummary("Answers 200 once every plan is published and every version was probed.")
            .Produces<string>(200, "text/plain").MayFail(503);
    }

    private static IResult Ready(IRollouts rollouts, RolloutRegistry registry, HealthBoard health)
    {
        var missing = Missing(rollouts.Snapshots, registry, health);
        return missing.Length == 0
            ? TypedResults.Text("ok\n")
            : new ProblemResult(new(StatusCodes.Status503ServiceUnavailable, ProblemTitles.NotReady, $"Not ready: {string.Join("; ", missing)}. Ask again in a moment."));
    }

    /// <summary>Says what is missing until traffic finds everything as it was decided; nothing where all is there.</summary>
    public static ImmutableArray<string> Missing(ImmutableArray<RolloutSnapshot> snapshots, RolloutRegistry registry, HealthBoard health)
    {
        var published = registry.Current;
        return
        [
            .. snapshots.Where(snapshot => !published.ContainsKey(snapshot.State.Agent)).Select(snapshot => $"the plan of {snapshot.State.Agent} is not published"),
            .. from snapshot in snapshots
               let spec = snapshot.State.Spec
               from version in new[] { spec.Stable.Version, spec.Canary.Version }
               where !health.Find(spec.Agent, version).IsProbed
               select $"version {version} of {spec.Agent} is not probed",
            .. from snapshot in snapshots
               let agent = snapshot.State.Agent
               where health.Find(agent, snapshot.State.Spec.Canary.Version) is { IsReady: true, UnhealthySince: null } && published.GetValueOrDefault(agent)?.Plan.IsCanaryDown is true
               select $"the canary of {agent} answers, and is about to be served",
            .. from snapshot in snapshots
               where snapshot.State.Phase is Phase.Pending && health.Find(snapshot.State.Agent, snapshot.State.Spec.Canary.Version).IsReady
               select $"the rollout of {snapshot.State.Agent} is about to start",
        ];
    }
}
