using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using AgentCanary.Server.Api;

namespace AgentCanary.Cli.Demo;

/// <summary>Writes a finished demo as one JSON document.</summary>
internal static class DemoJson
{
    private static readonly JsonSerializerOptions Indented = new() { WriteIndented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static string Write(DemoResult result, DemoVerdict verdict, string report) => new JsonObject
    {
        ["scenario"] = result.Options.Scenario.Name,
        ["passed"] = verdict.Passed,
        ["verdict"] = verdict.Sentence,
        ["sentences"] = new JsonArray([.. DemoSentences.Of(result.Users).Select(sentence => (JsonNode)sentence)]),
        ["hour_seconds"] = result.Options.Hour.TotalSeconds,
        ["phase"] = result.Rollout.Phase,
        ["seconds"] = Math.Round(result.Lasted.TotalSeconds, 1),
        ["requests_per_second"] = Math.Round(result.RequestsPerSecond, 1),
        ["reaction_ms"] = result.Reaction is { } reaction ? Math.Round(reaction.TotalMilliseconds) : null,
        ["users"] = Users(result.Users),
        ["rollout"] = JsonSerializer.SerializeToNode(result.Rollout, ApiJson.Wire.RolloutView),
        ["events"] = JsonSerializer.SerializeToNode(result.Events, ApiJson.Wire.ImmutableArrayEventView),
        ["report"] = report,
    }.ToJsonString(Indented);

    private static JsonObject Users(CrowdFigures users) => new()
    {
        ["requests"] = users.Requests,
        ["errors"] = users.Failed,
        ["stable"] = Version(users.Stable),
        ["canary"] = Version(users.Canary),
        ["unanswered"] = users.Nobody.Requests,
        ["moved_back"] = users.Moved,
        ["after_the_end"] = new JsonObject { ["stable"] = users.StableAfter, ["canary"] = users.CanaryAfter },
    };

    private static JsonObject Version(VersionCount count) => new()
    {
        ["requests"] = count.Requests, ["errors"] = count.Failed, ["withdrawn"] = count.Withdrawn, ["withheld"] = count.Withheld, ["refused"] = count.Refused, ["helped"] = count.Helped,
        ["thumbs"] = count.Thumbs, ["thumbs_up"] = count.ThumbsUp,
    };
}
