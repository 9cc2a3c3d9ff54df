using System.CommandLine;
using AgentCanary.Cli.Client;
using AgentCanary.Cli.Output;

namespace AgentCanary.Cli.Commands;

/// <summary><c>agentcanary status AGENT</c></summary>
internal static class StatusCommand
{
    public static Command Build()
    {
        var agent = new Argument<string>("AGENT") { Description = "The agent's name." };
        return new ClientCommand("status", "Shows one rollout: where it stands, why, and on which figures.", "status support-agent") { agent }.Does(async (call, cancellationToken) =>
        {
            call.Answer(await call.Api.FindAsync(call.Get(agent), cancellationToken), RolloutText.Page);
            return ExitCode.Done;
        });
    }
}
