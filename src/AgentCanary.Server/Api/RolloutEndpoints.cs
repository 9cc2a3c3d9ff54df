using System.Collections.Immutable;
using System.Globalization;
using AgentCanary.Control;
using AgentCanary.Server.Controller;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;

namespace AgentCanary.Server.Api;

/// <summary>Reads rollouts, their events and their history.</summary>
internal static class RolloutEndpoints
{
    private const int MostEvents = 1000;
    private const int UsualEvents = 100;

    public static void Map(IEndpointRouteBuilder endpoints)
    {
        var rollouts = endpoints.MapGroup("/api/v1").Requires(Permission.Viewer);
        rollouts.MapGet("/rollouts", List).WithName("listRollouts").WithSummary("Lists every rollout.").Answers<ImmutableArray<RolloutView>>();
        rollouts.MapGet("/rollouts/{agent}", Find).WithName("getRollout").WithSummary("Shows one rollout.").Answers<RolloutView>(404);
        rollouts.MapGet("/rollouts/{agent}/events", ReadEventsAsync).WithName("listEvents").WithSummary("Lists what happened to a rollout, oldest first.")
            .Answers<ImmutableArray<EventView>>(400, 404, 503);
        rollouts.MapGet("/rollouts/{agent}/history", ReadHistoryAsync).WithName("listAttempts").WithSummary("Lists the attempts of an agent's rollouts, newest first.")
            .Answers<ImmutableArray<AttemptView>>(404, 503);
    }

    /// <summary>Answers with a rollout, and with its revision as the tag that <c>If-Match</c> takes.</summary>
    public static JsonHttpResult<RolloutView> Answer(HttpContext context, RolloutSnapshot snapshot)
    {
        context.Response.Headers.ETag = string.Create(CultureInfo.InvariantCulture, $"\"{snapshot.State.Revision}\"");
        return TypedResults.Json(RolloutView.Of(snapshot), ApiJson.Wire.RolloutView);
    }

    /// <summary>Answers that an agent has no rollout.</summary>
    public static Problem Unknown(string agent) => new(
        StatusCodes.Status404NotFound, ProblemTitles.UnknownAgent, $"Agent '{agent}' has no rollout: list them with GET /api/v1/rollouts, or start one with PUT /api/v1/rollouts/{{agent}}.");

    private static JsonHttpResult<ImmutableArray<RolloutView>> List(IRollouts rollouts) =>
        TypedResults.Json<ImmutableArray<RolloutView>>([.. rollouts.Snapshots.Select(RolloutView.Of)], ApiJson.Wire.ImmutableArrayRolloutView);

    private static IResult Find(HttpContext context, string agent, IRollouts rollouts) =>
        rollouts.Find(agent) is { } snapshot ? Answer(context, snapshot) : new ProblemResult(Unknown(agent));

    private static async Task<IResult> ReadEventsAsync(
        string agent, string? after, string? limit, IRollouts rollouts, IRolloutStore store, CancellationToken cancellationToken)
    {
        if (!TryReadCount(after, 0, long.MaxValue, 0, out var afterRevision))
            return Invalid($"after is '{after}': write the revision after which to begin, 0 or more.");
        if (!TryReadCount(limit, 1, MostEvents, UsualEvents, out var most))
            return Invalid($"limit is '{limit}': write a number of 1 to {MostEvents}.");
        if (rollouts.Find(agent) is null) return new ProblemResult(Unknown(agent));
        var events = await store.ReadEventsAsync(agent, afterRevision, (int)most, cancellationToken);
        return TypedResults.Json<ImmutableArray<EventView>>([.. events.Select(EventView.Of)], ApiJson.Wire.ImmutableArrayEventView);
    }

    private static async Task<IResult> ReadHistoryAsync(string agent, IRollouts rollouts, IRolloutStore store, CancellationToken cancellationToken)
    {
        if (rollouts.Find(agent) is not { } snapshot) return new ProblemResult(Unknown(agent));
        var history = new AttemptHistory();
        for (var (revision, more) = (0L, true); more;)
        {
            var page = await store.ReadEventsAsync(agent, revision, MostEvents, cancellationToken);
            foreach (var written in page) history.Add(written);
            more = page.Length == MostEvents && page[^1].Revision < snapshot.State.Revision;
            if (more) revision = page[^1].Revision;
        }
        return TypedResults.Json(history.NewestFirst, ApiJson.Wire.ImmutableArrayAttemptView);
    }

    private static bool TryReadCount(string? text, long lowest, long highest, long unset, out long value)
    {
        value = unset;
        return text is null || (long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out value) && value >= lowest && value <= highest);
    }

    private static ProblemResult Invalid(string detail) => new(new(StatusCodes.Status400BadRequest, ProblemTitles.InvalidRequest, detail));
}
