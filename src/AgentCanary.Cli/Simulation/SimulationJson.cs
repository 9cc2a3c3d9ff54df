using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using AgentCanary.Planning;
using AgentCanary.Planning.Peers;
using AgentCanary.Planning.Simulation;

namespace AgentCanary.Cli.Simulation;

/// <summary>Writes a simulation as one JSON document.</summary>
internal static class SimulationJson
{
    private static readonly JsonSerializerOptions Options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>Writes it: the object of the one canary, or of several in a list.</summary>
    public static string Write(IReadOnlyList<SimulationResult> results) =>
        (results is [var only] ? Canary(only) : new() { ["canaries"] = new JsonArray([.. results.Select(Canary)]) }).ToJsonString(Options);

    private static JsonObject Canary(SimulationResult result)
    {
        var document = new JsonObject { ["runs"] = result.Own.Runs, ["seed"] = result.Options.Seed, ["canary"] = result.Canary.Text };
        Add(document, result.Methods[0]);
        document["stages"] = new JsonArray([.. result.Own.Stages.Select((stage, index) => Stage(result, stage, index))]);
        if (result.Methods.Length > 1) document["against"] = new JsonObject(result.Methods.Skip(1).Select(method => KeyValuePair.Create(method.Peer!.Value.Name, (JsonNode?)Peer(method))));
        document["notes"] = new JsonArray([.. SimulationNotes.Of(result).Select(note => (JsonNode)note)]);
        return document;
    }

    private static JsonObject Peer(MethodResult method)
    {
        var document = new JsonObject();
        Add(document, method);
        return document;
    }

    private static void Add(JsonObject document, MethodResult method)
    {
        var summary = method.Summary;
        document["completed"] = summary.Completed;
        document["rolled_back"] = summary.RolledBack;
        document["undecided"] = summary.Undecided;
        document["false_rollbacks"] = summary.FalseRollbacks;
        document["missed"] = summary.Missed;
        document["canary_requests_to_rollback"] = Figures(summary.CanaryRequestsToRollback);
        document["canary_failures_to_rollback"] = Figures(summary.CanaryFailuresToRollback);
        document["seconds_to_rollback"] = Figures(summary.SecondsToRollback);
        document["seconds_to_completion"] = Figures(summary.SecondsToCompletion);
        document["extra_failures"] = Math.Round(summary.ExtraFailures, 3);
        document["wald_bound_canary_requests"] = Rounded(method.Bound, 1);
        document["times_wald_bound"] = Rounded(method.Ratio, 3);
    }

    private static JsonObject Stage(SimulationResult result, StageSummary stage, int index) => new()
    {
        ["name"] = result.Options.Spec.Stages[index].Name,
        ["weight_bp"] = result.Options.Spec.Stages[index].Weight.BasisPoints,
        ["entered"] = stage.Entered,
        ["rolled_back"] = stage.RolledBack,
        ["undecided"] = stage.Undecided,
        ["seconds"] = Figures(stage.Seconds),
        ["wald_bound_canary_requests"] = Rounded(result.Bound(index), 1),
    };

    private static double? Rounded(double? value, int digits) => value is { } figure ? Math.Round(figure, digits) : null;

    private static JsonObject? Figures(Spread? figure) => figure is not { } spread ? null
        : new() { ["mean"] = Math.Round(spread.Mean, 3), ["median"] = Math.Round(spread.Median, 3), ["p90"] = Math.Round(spread.P90, 3) };
}
