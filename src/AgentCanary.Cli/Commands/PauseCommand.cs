using System.CommandLine;
using AgentCanary.Cli.Client;

namespace AgentCanary.Cli.Commands;

/// <summary><c>agentcanary pause AGENT</c></summary>
internal static class PauseCommand
{
    public static Command Build()
    {
        var reason = ReasonOption.Build(isRequired: false);
        var verb = new ActCommand("pause", "Stops moving and keeps the weight. A failing canary is still rolled back.", until: "the rollout is paused") { IsReached = rollout => rollout.Phase == nameof(Phase.Paused) || ActCommand.HasEnded(rollout) };
        verb.Command.Add(reason);
        return verb.Sends(call => new() { Reason = call.Get(reason) });
    }
}
