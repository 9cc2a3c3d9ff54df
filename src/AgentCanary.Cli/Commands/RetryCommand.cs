using System.CommandLine;
using AgentCanary.Cli.Client;

namespace AgentCanary.Cli.Commands;

/// <summary><c>agentcanary retry AGENT</c></summary>
internal static class RetryCommand
{
    public static Command Build()
    {
        var reason = ReasonOption.Build(isRequired: false);
        var verb = new ActCommand("retry", "Begins a new attempt after a rollback, with other users first.");
        verb.Command.Add(reason);
        return verb.Sends(call => new() { Reason = call.Get(reason) });
    }
}
