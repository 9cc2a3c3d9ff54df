using System.Globalization;
using System.Text;
using AgentCanary.Server.Api;

namespace AgentCanary.Cli.Demo;

/// <summary>Writes the report: what was decided, when, on which figures.</summary>
internal static class DemoReport
{
    /// <summary>Writes the report to the file that the options name, or to a new one, and returns its path.</summary>
    public static async Task<string> SaveAsync(DemoResult result, DemoVerdict verdict, CancellationToken cancellationToken)
    {
        var name = string.Create(CultureInfo.InvariantCulture, $"agentcanary-{result.Options.Scenario.Name}-{result.Began:yyyyMMdd-HHmmss}.md");
        var path = result.Options.Report ?? Path.Combine(Path.GetTempPath(), name);
        await File.WriteAllTextAsync(path, Write(result, verdict), cancellationToken);
        return path;
    }

    public static string Write(DemoResult result, DemoVerdict verdict)
    {
        var text = new StringBuilder();
        Head(text, result, verdict);
        Decisions(text, result);
        foreach (var decided in result.Events.Where(e => e.Evidence.Any(check => check.NCanary > 0))) Evidence(text, decided, result.Began);
        if (result.Rollout.Phase is "Progressing" or "Paused") StillOpen(text, result);
        Users(text, result);
        Add(text, $"## The terms\n\n```yaml\n{result.Terms.TrimEnd()}\n```");
        return text.ToString();
    }

    private static void Head(StringBuilder text, DemoResult result, DemoVerdict verdict)
    {
        var scenario = result.Options.Scenario;
        Add(text, $"# Rollout of {result.Rollout.Agent} {result.Rollout.Canary.Version}: {result.Rollout.Phase}\n");
        Add(text, $"**{verdict.Sentence}**\n");
        foreach (var sentence in DemoSentences.Of(result.Users)) Add(text, $"- {sentence}");
        Add(text, $"\nScenario `{scenario.Name}`: {scenario.Story} {result.Options.Clock}\n");
        Add(text, $"- {result.Rollout.Stable.Version}: `{string.Join(' ', scenario.StableKnobs)}`");
        Add(text, $"- {result.Rollout.Canary.Version}: `{string.Join(' ', scenario.CanaryKnobs)}`");
        Add(text, $"- {result.Users.Requests:N0} requests of simulated users in {result.Lasted.TotalSeconds:0.0} s, {result.RequestsPerSecond:0}/s");
        Add(text, $"- The checks are judged by evidence (`mode: sequential`): a good version is rolled back in at most one of 100 such rollouts, however often anybody looks.\n");
    }

    private static void Decisions(StringBuilder text, DemoResult result)
    {
        Add(text, $"## What was decided\n\n| users since | what | stage | by | why |\n|---|---|---|---|---|");
        foreach (var decided in result.Events)
        {
            Add(text, $"| {After(decided, result.Began)} | {decided.Type} | {decided.FromStage} → {decided.ToStage} | {decided.Actor} | {Cell(decided.Reason)} |");
        }

        Add(text, $"");
    }

    private static void Evidence(StringBuilder text, EventView decided, DateTimeOffset began)
    {
        Add(text, $"### {After(decided, began)}: {decided.Type}, on these figures\n");
        Checks(text, decided.Evidence);
    }

    private static void StillOpen(StringBuilder text, DemoResult result)
    {
        Add(text, $"### At the end: {result.Rollout.Decision}, because {result.Rollout.Reason}\n");
        Checks(text, result.Rollout.Checks);
    }

    private static void Checks(StringBuilder text, IEnumerable<CheckView> checks)
    {
        Add(text, $"| check | verdict | canary | control | bound | canary n | control n |\n|---|---|---|---|---|---|---|");
        foreach (var check in checks)
        {
            Add(text, $"| `{check.Check}` | {check.Verdict} | {Figure(check.Canary)} | {Figure(check.Control)} | {Figure(check.Bound)} | {check.NCanary:N0} | {check.NControl:N0} |");
        }

        Add(text, $"");
    }

    private static void Users(StringBuilder text, DemoResult result)
    {
        var users = result.Users;
        Add(text, $"## What the users saw\n\n| answered by | requests | errors | withdrawn | withheld | refused | helped | thumbs later | of them up |\n|---|---|---|---|---|---|---|---|---|");
        Add(text, $"{Row(result.Rollout.Stable.Version, users.Stable)}");
        Add(text, $"{Row(result.Rollout.Canary.Version, users.Canary)}");
        Add(text, $"{Row("nobody", users.Nobody)}\n");
        if (result.Reaction is { } reaction) Add(text, $"From the first withheld answer to the rollback: {reaction.TotalMilliseconds:0} ms.\n");
        if (users.StableAfter + users.CanaryAfter > 0)
            Add(text, $"Of the requests that began after the end, v1.0.0 answered {users.StableAfter:N0} and v1.1.0 {users.CanaryAfter:N0}.\n");
    }

    private static string Row(string who, VersionCount count) => FormattableString.Invariant(
        $"| {who} | {count.Requests:N0} | {count.Failed:N0} | {count.Withdrawn:N0} | {count.Withheld:N0} | {count.Refused:N0} | {count.Helped:N0} | {count.Thumbs:N0} | {DemoSentences.Share(count.ThumbsUp, count.Thumbs)} |");

    private static string After(EventView decided, DateTimeOffset began) => (decided.At - began.UtcDateTime).TotalSeconds switch
    {
        < 0 => "before",
        var seconds => seconds.ToString("0.0 s", CultureInfo.InvariantCulture),
    };

    private static string Figure(double? value) => value?.ToString("0.####", CultureInfo.InvariantCulture) ?? "–";

    private static string Cell(string text) => text.Replace("|", "\\|", StringComparison.Ordinal);

    private static void Add(StringBuilder text, FormattableString line) => text.Append(FormattableString.Invariant(line)).Append('\n');
}
