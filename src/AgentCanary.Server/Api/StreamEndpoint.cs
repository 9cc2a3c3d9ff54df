using AgentCanary.Server.Controller;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Hosting;

namespace AgentCanary.Server.Api;

/// <summary>Streams what happens as server-sent events: <c>state</c> with a rollout, <c>event</c> with a change. A comment keeps a silent stream alive.</summary>
internal static class StreamEndpoint
{
    public static void Map(IEndpointRouteBuilder endpoints) => endpoints.MapGet("/api/v1/stream", StreamAsync)
        .Requires(Permission.Viewer).WithName("stream").WithSummary("Streams states and events.").Produces(200, contentType: "text/event-stream").MayFail(404, 503);

    private static async Task<IResult> StreamAsync(
        HttpContext context, string? agent, IRollouts rollouts, StreamSeats seats, TimeProvider time, IHostApplicationLifetime lifetime)
    {
        if (agent is not null && rollouts.Find(agent) is null) return new ProblemResult(RolloutEndpoints.Unknown(agent));
        using var seat = seats.TryTake();
        if (seat is null)
        {
            context.Response.Headers.RetryAfter = "10";
            return new ProblemResult(new(StatusCodes.Status503ServiceUnavailable, ProblemTitles.TooManyStreams, $"{StreamSeats.Most} streams are open, which is the most: close one, or try again later."));
        }
        using var end = CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted, lifetime.ApplicationStopping);
        context.Response.ContentType = "text/event-stream";
        context.Features.Get<IHttpResponseBodyFeature>()?.DisableBuffering();
        try
        {
            await new RolloutStream(rollouts, agent, context.Response.BodyWriter, time).RunAsync(end.Token);
        }
        catch (OperationCanceledException) when (end.IsCancellationRequested)
        {
            // The reader has gone, or the server stops: both end a stream as it should.
        }
        return Results.Empty;
    }
}
