using System.Collections.Immutable;
using AgentCanary.Server.Controller;
using AgentCanary.Server.Files;
using AgentCanary.Spec;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace AgentCanary.Server.Api;

/// <summary>Takes a rollout file: starts a rollout, goes on with a known one, or supersedes it.</summary>
internal static class ApplyEndpoint
{
    public static void Map(IEndpointRouteBuilder endpoints) => endpoints.MapPut("/api/v1/rollouts/{agent}", ApplyAsync)
        .Requires(Permission.Operator).WithName("apply").WithSummary("Applies a rollout file, YAML or JSON.")
        .Accepts<string>(RequestLimits.RolloutFileTypes[0], RequestLimits.RolloutFileTypes[1..]).Answers<RolloutView>(400, 409, 413, 415, 507);

    private static async Task<IResult> ApplyAsync(
        HttpContext context, string agent, string? supersede, IRollouts rollouts, CancellationToken cancellationToken)
    {
        if (supersede is not (null or "true" or "false")) return Invalid($"supersede is '{supersede}': write true or false.");
        if (!IfMatch.TryRead(context.Request.Headers.IfMatch, out var revision, out var fault)) return Invalid(fault);
        var file = RolloutFiles.Read(("-", await RequestBody.ReadAsync(context.Request, cancellationToken)));
        if (!file.IsValid) return new ProblemResult(InvalidFile(file.Faults));
        if (file.Specs is not [var spec]) return Invalid($"The body holds {file.Specs.Length} rollouts: send one, and each to its own agent.");
        if (spec.Agent != agent) return Invalid($"The file is for agent '{spec.Agent}' and the address for '{agent}': send it to /api/v1/rollouts/{spec.Agent}.");
        if (RolloutFiles.MissingSecrets(spec) is { IsEmpty: false } missing) return Invalid($"{string.Join(". ", missing)}.");
        var present = rollouts.Find(agent);
        if (revision is not null && present?.State.Revision != revision) return CommandAnswers.Of(context, agent, Stale(agent, present));
        return CommandAnswers.Of(context, agent, await rollouts.ApplyAsync(spec, supersede == "true", Caller.Actor, cancellationToken));
    }

    private static CommandResult Stale(string agent, RolloutSnapshot? present) => new(
        CommandStatus.Stale, present, $"The rollout of '{agent}' is at revision {present?.State.Revision ?? 0}: look at it again and decide anew.");

    private static Problem InvalidFile(ImmutableArray<SpecFault> faults) => new(
        StatusCodes.Status400BadRequest, ProblemTitles.InvalidFile, $"The rollout file has {faults.Length} {(faults.Length == 1 ? "fault" : "faults")}; nothing of it took effect.")
    {
        Faults = [.. faults.Select(FaultView.Of)],
    };

    private static ProblemResult Invalid(string detail) => new(new(StatusCodes.Status400BadRequest, ProblemTitles.InvalidRequest, detail));
}
