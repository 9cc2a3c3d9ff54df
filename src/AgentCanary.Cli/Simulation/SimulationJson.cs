using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using AgentCanary.Planning;
using AgentCanary.Planning.Simulation;

namespace AgentCanary.Cli.Simulation;

/// <summary>Writes a simulation as one JSON document.</summary>
internal static class SimulationJson
{
    private static readonly JsonSerializerOptions Options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static string Write(SimulationResult result)
    {
        var document = new JsonObject { ["runs"] = result.Own.Runs, ["seed"] = result.Options.Seed };
        Add(document, result.Own);
        document["wald_bound_canary_requests"] = result.Own.WorstStage is { } worst && result.Bound(worst) is { } bound ? Math.Round(bound, 1) : null;
        document["stages"] = new JsonArray([.. result.Own.Stages.Select((stage, index) => Stage(result, stage, index))]);
        document["notes"] = new JsonArray([.. SimulationNotes.Of(result.Options).Select(note => (JsonNode)note)]);
        return document.ToJsonString(Options);
    }

    private static void Add(JsonObject document, SimulationSummary summary)
    {
        document["completed"] = summary.Completed;
        document["rolled_back"] = summary.RolledBack;
        document["undecided"] = summary.Undecided;
        document["false_rollbacks"] = summary.FalseRollbacks;
        document["canary_requests_to_rollback"] = Figures(summary.CanaryRequestsToRollback);
        document["canary_failures_to_rollback"] = Figures(summary.CanaryFailuresToRollback);
        document["seconds_to_rollback"] = Figures(summary.SecondsToRollback);
        document["seconds_to_completion"] = Figures(summary.SecondsToCompletion);
        document["extra_failures"] = Math.Round(summary.ExtraFailures, 3);
    }

    private static JsonObject Stage(SimulationResult result, StageSummary stage, int index) => new()
    {
        ["name"] = result.Options.Spec.Stages[index].Name,
        ["weight_bp"] = result.Options.Spec.Stages[index].Weight.BasisPoints,
        ["entered"] = stage.Entered,
        ["rolled_back"] = stage.RolledBack,
        ["undecided"] = stage.Undecided,
        ["seconds"] = Figures(stage.Seconds),
        ["wald_bound_canary_requests"] = result.Bound(index) is { } bound ? Math.Round(bound, 1) : null,
    };

    private static JsonObject? Figures(Spread? figure) => figure is not { } spread ? null
        : new() { ["mean"] = Math.Round(spread.Mean, 3), ["median"] = Math.Round(spread.Median, 3), ["p90"] = Math.Round(spread.P90, 3) };
}
