using System.Globalization;
using AgentCanary.Server.Api;
using Spectre.Console;
using Spectre.Console.Rendering;

namespace AgentCanary.Cli.Demo;

/// <summary>Draws the rollout: the stages, the two arms, the last decision, and what the users see.</summary>
internal static class DemoPicture
{
    public static IRenderable Draw(RolloutView rollout, CrowdFigures users, TimeSpan elapsed) => new Panel(new Rows(
        new Markup(Stages(rollout)), new Text(""), Arms(rollout), People(rollout, users), Decision(rollout), Users(users, elapsed)))
    {
        Header = new PanelHeader($" {rollout.Agent}: {rollout.Stable.Version} → {rollout.Canary.Version} "),
        Border = BoxBorder.Rounded,
        Expand = true,
    };

    /// <summary>The stages as markup: passed, present and to come.</summary>
    public static string Stages(RolloutView rollout) => string.Join(" ", DemoTerms.Percents.Select((percent, stage) => (rollout.Phase, stage.CompareTo(rollout.Stage.Index)) switch
    {
        ("RolledBack", 0) => $"[red]✗ {percent} %[/]",
        ("Completed", _) or (_, < 0) => $"[green]✓ {percent} % ━━━━[/]",
        (_, 0) => $"[yellow]● {percent} % ━━[/][grey]──[/]",
        _ => $"[grey]○ {percent} % ────[/]",
    })) + $"  [bold]{rollout.Phase}[/]" + (rollout.Phase == "RolledBack" ? " [grey]everybody is back on stable[/]" : "");

    private static Table Arms(RolloutView rollout)
    {
        var table = new Table().Border(TableBorder.Simple).AddColumns("this stage", "requests", "errors", "error rate", "p50", "p95");
        AddArm(table, $"{rollout.Canary.Version} canary", rollout.Arms.Canary);
        AddArm(table, $"{rollout.Stable.Version} control", rollout.Arms.Control);
        return table;
    }

    private static Table People(RolloutView rollout, CrowdFigures users)
    {
        var table = new Table().Border(TableBorder.Simple).AddColumns("users so far", "helped", "refused", "withheld", "thumbs up, an hour later");
        AddPeople(table, rollout.Canary.Version, users.Canary);
        AddPeople(table, rollout.Stable.Version, users.Stable);
        return table;
    }

    private static void AddPeople(Table table, string name, VersionCount count) => table.AddRow(
        name,
        DemoSentences.Share(count.Helped, count.Requests),
        DemoSentences.Share(count.Refused, count.Requests),
        Number(count.Withheld),
        DemoSentences.Up(count));

    private static void AddArm(Table table, string name, ArmView arm) => table.AddRow(
        name,
        Number(arm.Requests),
        Number(arm.Errors),
        arm.SuccessRate is { } rate ? (1 - rate).ToString("0.0 %", CultureInfo.InvariantCulture) : "–",
        Milliseconds(arm.P50Ms),
        Milliseconds(arm.P95Ms));

    private static Markup Decision(RolloutView rollout) => Markup.FromInterpolated(
        CultureInfo.InvariantCulture, $"[bold]{rollout.Decision}[/]: {rollout.Reason}{(rollout is { Phase: "Progressing", EtaSeconds: > 0 and var eta } ? $"; verdict in about {eta} s" : "")}");

    private static Markup Users(CrowdFigures users, TimeSpan elapsed) => Markup.FromInterpolated(
        CultureInfo.InvariantCulture,
        $"[grey]{elapsed.TotalSeconds:0} s, {Number(users.Requests)} requests, {users.Requests / Math.Max(1, elapsed.TotalSeconds):0}/s; users saw {Number(users.Failed)} errors[/]");

    private static string Number(long value) => value.ToString("N0", CultureInfo.InvariantCulture);

    private static string Milliseconds(double? value) => value is { } known ? known.ToString("0 ms", CultureInfo.InvariantCulture) : "–";
}
