using System.CommandLine;
using AgentCanary.Cli.Client;

namespace AgentCanary.Cli.Commands;

/// <summary><c>agentcanary promote AGENT [--full]</c></summary>
internal static class PromoteCommand
{
    public static Command Build()
    {
        var full = new Option<bool>("--full") { Description = "Goes to the end at once: the canary serves everybody." };
        var reason = ReasonOption.Build(isRequired: false);
        var verb = new ActCommand("promote", "Leaves the present stage now, whatever is missing.");
        verb.Command.Add(full);
        verb.Command.Add(reason);
        return verb.Sends(call => new() { Full = call.Get(full), Reason = call.Get(reason) });
    }
}
