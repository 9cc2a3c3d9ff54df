using System.CommandLine;
using AgentCanary.Cli.Client;

namespace AgentCanary.Cli.Commands;

/// <summary><c>agentcanary rollback AGENT --reason TEXT</c></summary>
internal static class RollbackCommand
{
    public static Command Build()
    {
        var reason = ReasonOption.Build(isRequired: true);
        var verb = new ActCommand(
            "rollback", "Gives stable everybody, at once.", "support-agent --reason \"wrong answers\"", "the rollback is kept by the store") { RollbackIsDone = true };
        verb.Command.Add(reason);
        return verb.Sends(call => new() { Reason = call.Get(reason) });
    }
}
