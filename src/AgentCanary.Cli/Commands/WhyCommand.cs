using System.CommandLine;
using AgentCanary.Cli.Client;
using AgentCanary.Cli.Output;
using AgentCanary.Server.Api;

namespace AgentCanary.Cli.Commands;

/// <summary><c>agentcanary why DECISION_ID</c></summary>
internal static class WhyCommand
{
    public static Command Build()
    {
        var id = new Argument<string>("DECISION_ID") { Description = "What the response header X-Canary-Decision said." };
        return new ClientCommand("why", "Explains which version served a request, and why.", "why DECISION_ID") { id }.Does(async (call, cancellationToken) =>
        {
            call.Answer(await call.Api.ExplainAsync(call.Get(id), cancellationToken), LinesOf);
            return ExitCode.Done;
        });
    }

    private static IEnumerable<string> LinesOf(DecisionView decision) =>
    [
        $"Agent    {decision.Agent ?? "(the rollout has been replaced)"}",
        $"Version  {decision.Version ?? "?"}, {decision.Variant}",
        $"Arm      {decision.Arm}{(decision.IsEvidence ? "" : ", no evidence")}",
        $"Reason   {decision.Reason}{(decision.IsRescue ? ", rescued: the canary failed, stable answered" : "")}",
        $"Stage    {decision.Stage + 1}{(decision.StageName is { } name ? $" ({name})" : "")}, attempt {decision.Attempt}, revision {decision.Revision}",
        $"Came     {RolloutText.Time(decision.StartedAt)}",
        "",
        decision.Explanation,
    ];
}
