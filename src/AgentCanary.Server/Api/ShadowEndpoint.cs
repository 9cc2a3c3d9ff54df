using System.Collections.Immutable;
using AgentCanary.Server.Controller;
using AgentCanary.Server.Gateway;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Logging;

namespace AgentCanary.Server.Api;

/// <summary>Shows the newest pairs of a shadow. They may hold users' words, so that it takes more than looking at rollouts does, and is logged.</summary>
internal static class ShadowEndpoint
{
    public static void Map(IEndpointRouteBuilder endpoints) => endpoints.MapGet("/api/v1/rollouts/{agent}/shadow", Read)
        .Requires(Permission.Operator).WithName("listPairs").WithSummary("Lists the newest pairs of answers that were compared for a shadow, newest first.").Answers<ImmutableArray<PairView>>(404);

    private static IResult Read(string agent, IRollouts rollouts, ShadowPairs pairs, ILogger<ShadowPairs> log)
    {
        if (rollouts.Find(agent) is null) return new ProblemResult(RolloutEndpoints.Unknown(agent));
        ImmutableArray<PairView> found = [.. pairs.Read(agent).Select(PairView.Of)];
        var readable = found.Count(pair => pair.Request.Text is not null);
        if (readable > 0) log.PairsRead(readable, agent, Caller.Actor);
        return TypedResults.Json(found, ApiJson.Wire.ImmutableArrayPairView);
    }
}
