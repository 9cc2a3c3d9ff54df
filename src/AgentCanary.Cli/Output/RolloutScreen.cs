using AgentCanary.Server.Api;
using Spectre.Console;
using Spectre.Console.Rendering;

namespace AgentCanary.Cli.Output;

/// <summary>Draws a rollout for a live terminal. Everything that came from elsewhere is text, never markup, and escaped.</summary>
internal static class RolloutScreen
{
    private const int BarLength = 40;

    /// <summary>Draws the rollout and its newest events.</summary>
    public static IRenderable Of(RolloutView rollout, IEnumerable<EventView> events) => new Rows(
    [
        new Text(PlainText.Of($"{rollout.Agent}  {rollout.Stable.Version} -> {rollout.Canary.Version}"), new(decoration: Decoration.Bold)),
        new Text(PlainText.Of(RolloutText.Phase(rollout)), new(ColorOf(rollout.Phase))),
        new Text(PlainText.Of($"{Bar(rollout.WeightBp)}  {RolloutText.Stage(rollout)}")),
        new Text(PlainText.Of(RolloutText.Decision(rollout))),
        TableOf(RolloutText.Arms(rollout)),
        .. rollout.Checks.IsEmpty ? Array.Empty<IRenderable>() : [TableOf(RolloutText.Checks(rollout))],
        .. events.Select(written => new Text(PlainText.Of(EventText.Line(written)), new(Color.Grey))),
    ]);

    private static string Bar(int basisPoints)
    {
        var filled = (int)Math.Round(basisPoints / (double)Weight.Scale * BarLength);
        return new string('█', filled) + new string('░', BarLength - filled);
    }

    private static Table TableOf(IReadOnlyList<string[]> rows)
    {
        var table = new Table { Border = TableBorder.Simple };
        foreach (var head in rows[0]) table.AddColumn(new TableColumn(new Text(head)));
        foreach (var row in rows.Skip(1)) table.AddRow(row.Select(cell => new Text(PlainText.Of(cell))));
        return table;
    }

    private static Color ColorOf(string phase) => phase switch
    {
        nameof(Phase.Completed) => Color.Green,
        nameof(Phase.RolledBack) => Color.Red,
        nameof(Phase.Paused) => Color.Yellow,
        _ => Color.Blue,
    };
}
