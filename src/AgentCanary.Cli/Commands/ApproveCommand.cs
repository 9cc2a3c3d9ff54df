using System.CommandLine;
using AgentCanary.Cli.Client;

namespace AgentCanary.Cli.Commands;

/// <summary><c>agentcanary approve AGENT</c></summary>
internal static class ApproveCommand
{
    public static Command Build()
    {
        var reason = ReasonOption.Build(isRequired: false);
        var verb = new ActCommand("approve", "Lets the stage be left as soon as its evidence allows.");
        verb.Command.Add(reason);
        return verb.Sends(call => new() { Reason = call.Get(reason) });
    }
}
