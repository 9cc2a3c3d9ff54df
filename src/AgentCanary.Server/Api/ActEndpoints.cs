using System.Text.Json;
using AgentCanary.Control;
using AgentCanary.Server.Controller;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace AgentCanary.Server.Api;

/// <summary>What people ask of a rollout: promote, pause, resume, approve, retry, roll back.</summary>
internal static class ActEndpoints
{
    private const int LongestReason = 1000;

    public static void Map(IEndpointRouteBuilder endpoints)
    {
        Map(endpoints, "promote", Permission.Approver, body => new RolloutCommand.Promote(body.Full ?? false), "Leaves the stage now; to the end with full.");
        Map(endpoints, "pause", Permission.Operator, _ => new RolloutCommand.Pause(), "Stops moving and keeps the weight.");
        Map(endpoints, "resume", Permission.Approver, _ => new RolloutCommand.Resume(), "Moves again.");
        Map(endpoints, "approve", Permission.Approver, _ => new RolloutCommand.Approve(), "Lets the stage be left as soon as its evidence allows.");
        Map(endpoints, "retry", Permission.Approver, _ => new RolloutCommand.Retry(), "Begins a new attempt after a rollback.");
        Map(endpoints, "rollback", Permission.Operator, _ => new RolloutCommand.Rollback(), "Gives stable everybody.");
    }

    private static void Map(IEndpointRouteBuilder endpoints, string act, Permission permission, Func<ActBody, RolloutCommand> commandOf, string summary)
    {
        endpoints.MapPost($"/api/v1/rollouts/{{agent}}/{act}", (HttpContext context, string agent, IRollouts rollouts, CancellationToken cancellationToken) =>
            ActAsync(context, agent, commandOf, rollouts, cancellationToken)).Requires(permission).WithName(act).WithSummary(summary)
            .Accepts<ActBody>(isOptional: true, "application/json").Answers<RolloutView>(400, 404, 409, 413, 415, 507);
    }

    private static async Task<IResult> ActAsync(
        HttpContext context, string agent, Func<ActBody, RolloutCommand> commandOf, IRollouts rollouts, CancellationToken cancellationToken)
    {
        if (!IfMatch.TryRead(context.Request.Headers.IfMatch, out var revision, out var fault)) return Invalid(fault);
        var (body, wrong) = await ReadBodyAsync(context.Request, cancellationToken);
        if (body is null) return Invalid(wrong);
        var command = commandOf(body) with { Actor = Caller.Actor, Reason = body.Reason ?? "", Revision = revision };
        if (body.Full is not null && command is not RolloutCommand.Promote) return Invalid("full belongs to promote: leave it out.");
        return CommandAnswers.Of(context, agent, await rollouts.CommandAsync(agent, command, cancellationToken));
    }

    private static async Task<(ActBody? Body, string Fault)> ReadBodyAsync(HttpRequest request, CancellationToken cancellationToken)
    {
        var bytes = await RequestBody.ReadAsync(request, cancellationToken);
        if (bytes.IsEmpty) return (new(), "");
        try
        {
            var body = JsonSerializer.Deserialize(bytes.Span, ApiJson.Wire.ActBody);
            if (body is null) return (null, "The body is null: send an object such as {\"reason\":\"…\"}, or nothing.");
            return body.Reason?.Length > LongestReason ? (null, $"reason has {body.Reason.Length} characters: at most {LongestReason} are kept.") : (body, "");
        }
        catch (JsonException exception)
        {
            return (null, $"The body is not what is expected at '{exception.Path}': send an object such as {{\"reason\":\"…\",\"full\":false}}.");
        }
    }

    private static ProblemResult Invalid(string detail) => new(new(StatusCodes.Status400BadRequest, ProblemTitles.InvalidRequest, detail));
}
