using System.Collections.Immutable;
using System.CommandLine;
using System.Globalization;
using AgentCanary.Cli.Client;
using AgentCanary.Cli.Output;
using AgentCanary.Server.Api;

namespace AgentCanary.Cli.Commands;

/// <summary><c>agentcanary shadow AGENT</c></summary>
internal static class ShadowCommand
{
    public static Command Build()
    {
        var agent = new Argument<string>("AGENT") { Description = "The agent's name." };
        return new ClientCommand("shadow", "Shows the newest answers of stable and of the shadow side by side.", "shadow support-agent") { agent }.Does(async (call, cancellationToken) =>
        {
            var pairs = await call.Api.ReadPairsAsync(call.Get(agent), cancellationToken);
            var rollout = pairs.Value.IsEmpty ? (await call.Api.FindAsync(call.Get(agent), cancellationToken)).Value : null;
            call.Answer(pairs, found => LinesOf(found, rollout));
            return ExitCode.Done;
        });
    }

    private static IEnumerable<string> LinesOf(ImmutableArray<PairView> pairs, RolloutView? rollout)
    {
        if (pairs.IsEmpty) return [WhyNone(rollout)];
        var table = Columns.Of(
        [
            ["AT", "REQUEST", "STATUS", "SIMILARITY", "JUDGE", "AGREES", "STABLE", "CANARY"],
            .. pairs.Select(pair => new[]
            {
                RolloutText.Time(pair.At), pair.Line, pair.Status?.ToString(CultureInfo.InvariantCulture) ?? "none", Columns.Figure(pair.Similarity), pair.Judge ?? "-",
                pair.Agrees switch { true => "yes", false => "no", null => "-" }, Bytes(pair.Stable), Bytes(pair.Canary),
            }),
        ]);
        return [.. table, .. pairs.Any(pair => pair.Request.Text is not null) ? pairs.SelectMany(TextsOf) : ["", "Texts are not kept: write shadow: { keep: 50 } in the rollout file to read redacted ones."]];
    }

    private static string WhyNone(RolloutView? rollout) => rollout is { Shadow: null }
        ? $"Nothing was offered to a shadow of {rollout.Agent} since the server started; the present stage is '{rollout.Stage.Name}'. A stage shows requests where the rollout file says so: "
            + "{ name: shadow, weight: 0, shadow: 20%, checks: [ \"shadow_agreement > 0.9\" ] }, and POST only to paths under shadow: { safe: [ /v1/chat/completions ] }."
        : $"No pair was compared yet, or all are older than shadow.keep_for; agentcanary status{(rollout is null ? "" : $" {rollout.Agent}")} says what became of the calls.";

    private static IEnumerable<string> TextsOf(PairView pair) =>
        ["", $"{RolloutText.Time(pair.At)}  {pair.Line}", .. Quote("request", pair.Request), .. Quote("stable", pair.Stable), .. Quote("canary", pair.Canary)];

    // Each line of a text is a line here, for control characters are made visible.
    private static IEnumerable<string> Quote(string who, PairTextView? text) =>
        (text?.Text ?? "(no answer)").Split('\n').Select((line, index) => $"  {(index == 0 ? who : ""),-8} {line.TrimEnd('\r')}");

    private static string Bytes(PairTextView? text) => text is null ? "-" : $"{Columns.Count(text.Length)} bytes";
}
