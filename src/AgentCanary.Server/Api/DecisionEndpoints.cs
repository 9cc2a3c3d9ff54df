using AgentCanary.Server.Controller;
using AgentCanary.Server.Gateway;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace AgentCanary.Server.Api;

/// <summary>Explains decisions by their ids alone: nothing is looked up but where the rollout stands now.</summary>
internal static class DecisionEndpoints
{
    public static void Map(IEndpointRouteBuilder endpoints) => endpoints.MapGet("/api/v1/decisions/{id}", Explain)
        .Requires(Permission.Viewer).WithName("explainDecision").WithSummary("Explains a decision by its id.").Answers<DecisionView>(404);

    private static IResult Explain(string id, DecisionIds ids, IRollouts rollouts)
    {
        if (!ids.TryRead(id, out var decision)) return new ProblemResult(Unknown);
        var rollout = rollouts.Snapshots.Select(snapshot => snapshot.State).FirstOrDefault(state => DecisionId.RolloutOf(state.Spec) == decision.Rollout);
        return TypedResults.Json(DecisionView.Of(decision, rollout), ApiJson.Wire.DecisionView);
    }

    private static Problem Unknown { get; } = new(StatusCodes.Status404NotFound, ProblemTitles.UnknownDecision,
        "This is no decision id of this server, or a character of it got lost: send what X-Canary-Decision said, all of it. Ids of a data directory whose decision.key was replaced cannot be read any more.");
}
