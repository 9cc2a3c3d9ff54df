using AgentCanary.Planning.Peers;
using AgentCanary.Planning.Simulation;

namespace AgentCanary.Cli.Simulation;

/// <summary>What a reader must know beside the figures.</summary>
internal static class SimulationNotes
{
    public static IEnumerable<string> Of(SimulationResult result)
    {
        var options = result.Options;
        foreach (var metric in result.Canary.World.Unfed(options.Spec))
            yield return $"nothing feeds {metric}, so a check on it never has a verdict: give it in --stable, such as {metric}={Example(metric)}";
        if (options.Spec.Stages.Any(stage => stage.Approval)) yield return "approvals are taken as given at once";
        if (!options.Spec.Cohorts.IsEmpty) yield return $"each cohort is taken as {Simulator.CohortShare * 100:0} % of the users";
        foreach (var peer in options.Peers) yield return $"{peer.Title}: {peer.Rule}";
        if (!options.Peers.IsEmpty) yield return "peers judge errors and nothing else";
    }

    private static string Example(string metric) => metric switch
    {
        "cost_per_request" => "0.004",
        "tokens_per_request" => "800",
        _ when metric.EndsWith("_ttft", StringComparison.Ordinal) => "300ms",
        _ => "0.8",
    };
}
