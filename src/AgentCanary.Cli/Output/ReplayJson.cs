using System.Collections.Immutable;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using AgentCanary.Planning;
using AgentCanary.Server.Api;

namespace AgentCanary.Cli.Output;

/// <summary>Writes a replay as one JSON document: <c>final</c>, <c>decisions</c>, <c>notes</c>.</summary>
internal static class ReplayJson
{
    private static readonly JsonSerializerOptions Indented = new() { WriteIndented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static string Write(ReplayResult result, ImmutableArray<string> notes) => new JsonObject
    {
        ["final"] = new JsonObject
        {
            ["phase"] = result.Phase.ToString(),
            ["stage"] = result.Stage,
            ["t"] = result.At.TotalSeconds,
            ["canary_requests"] = result.CanaryRequests,
            ["canary_failures"] = result.CanaryFailures,
            ["reason"] = result.Reason,
        },
        ["decisions"] = new JsonArray([.. result.Decisions.Select(Decision)]),
        ["notes"] = new JsonArray([.. notes.Select(note => JsonValue.Create(note))]),
    }.ToJsonString(Indented);

    private static JsonObject Decision(ReplayDecision decision) => new()
    {
        ["t"] = decision.At.TotalSeconds,
        ["decision"] = decision.Name,
        ["from_stage"] = decision.FromStage,
        ["to_stage"] = decision.ToStage,
        ["reason"] = decision.Reason,
        ["checks"] = new JsonArray([.. decision.Checks.Select(check => JsonSerializer.SerializeToNode(CheckView.Of(check), ApiJson.Wire.CheckView))]),
    };
}
