using System.CommandLine;
using AgentCanary.Cli.Client;

namespace AgentCanary.Cli.Commands;

/// <summary><c>agentcanary resume AGENT</c></summary>
internal static class ResumeCommand
{
    public static Command Build()
    {
        var reason = ReasonOption.Build(isRequired: false);
        var verb = new ActCommand("resume", "Lets a paused rollout move again.");
        verb.Command.Add(reason);
        return verb.Sends(call => new() { Reason = call.Get(reason) });
    }
}
