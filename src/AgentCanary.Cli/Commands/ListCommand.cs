using System.Collections.Immutable;
using System.CommandLine;
using AgentCanary.Cli.Client;
using AgentCanary.Cli.Output;
using AgentCanary.Server.Api;

namespace AgentCanary.Cli.Commands;

/// <summary><c>agentcanary list</c></summary>
internal static class ListCommand
{
    public static Command Build() => new ClientCommand("list", "Lists every rollout of a server.", "list").Does(async (call, cancellationToken) =>
    {
        call.Answer(await call.Api.ListAsync(cancellationToken), LinesOf);
        return ExitCode.Done;
    });

    private static IEnumerable<string> LinesOf(ImmutableArray<RolloutView> rollouts) => rollouts.IsEmpty
        ? ["There is no rollout. Start one with: agentcanary apply -f FILE"]
        : Columns.Of(
        [
            ["AGENT", "STABLE", "CANARY", "PHASE", "STAGE", "WEIGHT", "DECISION"],
            .. rollouts.Select(rollout => new[]
            {
                rollout.Agent, rollout.Stable.Version, rollout.Canary.Version, rollout.Phase, $"{rollout.Stage.Index + 1}/{rollout.Stages} {rollout.Stage.Name}",
                RolloutText.Percent(rollout.WeightBp), RolloutText.Decision(rollout),
            }),
        ]);
}
