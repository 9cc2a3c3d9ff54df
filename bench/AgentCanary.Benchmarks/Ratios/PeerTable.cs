namespace AgentCanary.Benchmarks.Ratios;

/// <summary>Routing beside a peer's: ratios alone, each of two slices that followed one another, so that the neighbours slowed both.</summary>
internal static class PeerTable
{
    private const int WarmRounds = 2000;
    private const int Rounds = 5001;

    public static void Write(TextWriter to)
    {
        var peers = new PeerBenchmarks();
        var facade = Row("`CanaryDeployment.Route(user)`", peers.FacadeRoute);
        Measured[] rows =
        [
            facade,
            Row("`Router.Route(plan, user)`", peers.Route),
            Row("`IsEnabledAsync`, targeting filter", peers.IsEnabledAsync),
            Row("`GetVariantAsync`, percentile", peers.GetVariantAsync),
        ];
        for (var round = -WarmRounds; round < Rounds; round++)
        {
            if (round == 0) Array.ForEach(rows, row => row.Forget());
            foreach (var row in rows) row.Slice();
        }
        to.WriteLine($"| one user at 5 %, {PeerBenchmarks.Users} users a slice | ratio, median of {Rounds} rounds | lower to upper quarter | ratio of minima | B a call |");
        to.WriteLine("|---|---:|---:|---:|---:|");
        foreach (var row in rows) to.WriteLine(Line(row, facade, [.. row.Over(facade).Order()]));
    }

    private static Measured Row(string name, Func<long> run) => new(name, null, run) { Operations = PeerBenchmarks.Users };

    private static string Line(Measured row, Measured facade, double[] ratios) =>
        $"| {row.Name} | {ratios[ratios.Length / 2]:F2} | {ratios[ratios.Length / 4]:F2} to {ratios[ratios.Length * 3 / 4]:F2} | {row.Min / facade.Min:F2} | {row.Allocated:F0} |";
}
