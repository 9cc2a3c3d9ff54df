using System.Diagnostics;
using System.Globalization;
using AgentCanary.Server.Controller;
using Microsoft.AspNetCore.Http;

namespace AgentCanary.Server.Api;

/// <summary>Says over HTTP what became of a command.</summary>
internal static class CommandAnswers
{
    public static IResult Of(HttpContext context, string agent, CommandResult result) => result.Status switch
    {
        CommandStatus.Done => RolloutEndpoints.Answer(context, result.Snapshot ?? throw new UnreachableException()),
        CommandStatus.NotFound => new ProblemResult(RolloutEndpoints.Unknown(agent)),
        CommandStatus.Refused => Problem(context, StatusCodes.Status409Conflict, ProblemTitles.Refused, result),
        CommandStatus.Stale => Problem(context, StatusCodes.Status409Conflict, ProblemTitles.Stale, result),
        CommandStatus.NotStored => Problem(context, StatusCodes.Status507InsufficientStorage, ProblemTitles.NotStored, result),
        _ => throw new UnreachableException(),
    };

    // The rollout goes with it: whoever rolled back with a full disk must see that stable serves, and that it is not durable.
    private static ProblemResult Problem(HttpContext context, int status, string name, CommandResult result)
    {
        if (result.Snapshot is { } snapshot) context.Response.Headers.ETag = string.Create(CultureInfo.InvariantCulture, $"\"{snapshot.State.Revision}\"");
        return new(new(status, name, result.Reason)
        {
            Revision = result.Snapshot?.State.Revision,
            Rollout = result.Snapshot is null ? null : RolloutView.Of(result.Snapshot),
        });
    }
}
