using System.Globalization;

namespace AgentCanary.GatewayBench;

/// <summary>Writes the figures as a page. The first target of a table is what the others are held against.</summary>
internal sealed class Report(TextWriter page)
{
    public void Crowd(Dictionary<Target, List<Load>> loads)
    {
        Title("32 connections, POST of 1 KB, an answer of half a kilobyte");
        Head("", "CPU per request, µs", "of bare YARP", "instructions of bare YARP", "requests a second", "p50, ms", "p99, ms", "failed");
        var basis = loads.First().Value;
        foreach (var (target, turns) in loads)
        {
            Row(target.Name, $"{Median(turns, turn => turn.Processor):F0}", Ratio(turns, basis, turn => turn.Processor), Ratio(turns, basis, turn => turn.Instructions),
                $"{Median(turns, turn => turn.Requests / turn.Seconds):N0}", Milliseconds(turns, turn => turn.Median), Milliseconds(turns, turn => turn.Tail), $"{turns.Sum(turn => turn.Failed)}");
        }
    }

    public void ShadowCalls(Dictionary<string, double> results) =>
        page.WriteLine($"\nOf {results.Values.Sum():N0} shadow calls that were offered: {string.Join(", ", results.Select(result => $"{result.Value:N0} {result.Key.Replace('_', ' ')}"))}.");

    public void Single(Dictionary<Target, List<Load>> loads)
    {
        Title("One connection");
        Head("", "p50, ms", "over bare YARP, µs", "p99, ms", "over the agent itself, p99, µs");
        var (yarp, direct) = (loads.First().Value, loads.Single(load => load.Key.Name == "the agent itself").Value);
        foreach (var (target, turns) in loads)
        {
            Row(target.Name, Milliseconds(turns, turn => turn.Median), Added(turns, yarp, turn => turn.Median), Milliseconds(turns, turn => turn.Tail), Added(turns, direct, turn => turn.Tail));
        }
    }

    public void SlowShadow(Dictionary<Target, List<Load>> loads)
    {
        Title("Eight connections, and a shadow that takes 100 ms");
        Head("", "p50 of the user, ms", "p99, ms", "failed");
        foreach (var (target, turns) in loads)
        {
            Row(target.Name, Milliseconds(turns, turn => turn.Median), Milliseconds(turns, turn => turn.Tail), $"{turns.Sum(turn => turn.Failed)}");
        }
    }

    public void Streams(Dictionary<Target, List<FirstTokens>> streams)
    {
        Title("Streams, one after the other: the first bytes, and the end of eight pieces 2 ms apart");
        Head("", "first bytes, p50, ms", "over bare YARP, µs", "end, p50, ms");
        var basis = streams.First().Value;
        foreach (var (target, turns) in streams)
        {
            Row(target.Name, $"{Statistics.Median(turns.Select(turn => turn.First)) / 1000:F2}", Signed(Statistics.Median(turns.Zip(basis, (turn, other) => turn.First - other.First))),
                $"{Statistics.Median(turns.Select(turn => turn.Last)) / 1000:F1}");
        }
    }

    public void Memory(Dictionary<Target, double> memory)
    {
        Title("Memory under 128 connections, after all of the above");
        Head("", "MiB", "of bare YARP");
        foreach (var (target, mebibytes) in memory) Row(target.Name, $"{mebibytes:F0}", $"{mebibytes / memory.First().Value:F2}");
    }

    private static double Median(List<Load> turns, Func<Load, double> figure) => Statistics.Median(turns.Select(figure));

    private static string Milliseconds(List<Load> turns, Func<Load, double> figure) => (Median(turns, figure) / 1000).ToString("F2", CultureInfo.InvariantCulture);

    private static string Ratio(List<Load> turns, List<Load> basis, Func<Load, double> figure)
    {
        var ratio = Statistics.Ratio(turns.Select(figure), basis.Select(figure));
        return double.IsFinite(ratio) ? $"{ratio:F2}" : "not counted here";
    }

    private static string Added(List<Load> turns, List<Load> basis, Func<Load, double> figure) =>
        Signed(Statistics.Median(turns.Zip(basis, (turn, other) => figure(turn) - figure(other))));

    private static string Signed(double microseconds) => microseconds.ToString("+0;-0;0", CultureInfo.InvariantCulture);

    private void Title(string title) => page.WriteLine($"\n### {title}\n");

    private void Head(params string[] cells)
    {
        Row(cells);
        page.WriteLine($"|---|{string.Concat(Enumerable.Repeat("---:|", cells.Length - 1))}");
    }

    private void Row(params string[] cells) => page.WriteLine($"| {string.Join(" | ", cells)} |");
}
