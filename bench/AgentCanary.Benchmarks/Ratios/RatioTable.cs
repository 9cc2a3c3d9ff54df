namespace AgentCanary.Benchmarks.Ratios;

/// <summary>
/// The operations in turns, a slice each, so that all of them meet the same neighbours; then the hot ones on two threads at once.
/// Ratios of one run say more than the nanoseconds of a machine.
/// </summary>
internal static class RatioTable
{
    private const int WarmRounds = 500;
    private const int Rounds = 2000;
    private const int PairedRounds = 4_000;

    public static void Write(TextWriter to)
    {
        var (route, record, shadow) = (new RouteBenchmarks(), new RecordBenchmarks(), new ShadowBenchmarks());
        var (evaluation, trial) = (new EvaluationBenchmarks(), new TrialBenchmarks());
        Table(
            to,
            "Routing",
            new("naive: framework MD5", null, route.NaiveMd5),
            new("Route, XXH64", 30, route.Xxh64),
            new("Route, MD5", 130, route.Md5),
            new("naive: MD5, then 5 rules by LINQ", null, route.NaiveCohorts),
            new("Route, 5 cohort rules", 100, route.FiveCohortRules),
            new("Route, forced", 100, route.Forced));
        Table(to, "Recording", new("naive: lock and ring", null, record.NaiveRecord), new("Record", 25, record.Record), new("Record by bins", 25, record.RecordByBins));
        Table(
            to,
            "A request's whole share",
            new("naive: MD5, lock and ring", null, record.NaiveAssignAndRecord),
            new("assign, two clock reads, record", 130, record.AssignAndRecord));
        Table(
            to,
            "Evaluation",
            Long("naive: copy and sort a ring of each arm", null, evaluation.NaiveEvaluate),
            Long("Analyze, a rate and a p95 check", 10_000, evaluation.Analyze),
            Long("Decide, a whole tick, after 1,000 requests", 25_000, evaluation.DecideAfterThousand),
            Long("Decide, a whole tick, after 300,000 requests", 25_000, evaluation.DecideAfterManyThousands));
        var sequential = new SequentialBenchmarks();
        Table(
            to,
            "A closed block",
            Long("rates", 5_000, sequential.Rates),
            Long("rates, for a promotion", 5_000, sequential.RatesForPromotion),
            Long("whole latency", 5_000, sequential.WholeLatency),
            Long("scores", 5_000, sequential.Scores),
            Long("a tick of the default checks", 25_000, sequential.TickOfDefaultChecks),
            Long("a tick of four checks", 25_000, sequential.TickOfFourChecks));
        Table(
            to,
            "A simulated second",
            Seconds("ten requests and a verdict, as plain figures", 5_000, trial.PointSecond),
            Seconds("ten requests and a verdict, in sequence", 5_000, trial.BusySecond),
            Seconds("a verdict on nothing new, in sequence", 4_000, trial.IdleSecond));
        Table(
            to,
            "Shadow",
            new("stable alone", null, () => shadow.StableAlone().GetAwaiter().GetResult()),
            new("with a shadow that hangs", 600, () => shadow.WithHangingShadow().GetAwaiter().GetResult()),
            new("with a quick shadow", 600, () => shadow.WithQuickShadow().GetAwaiter().GetResult()),
            new("naive: a task for each call", null, () => shadow.NaiveShadow().GetAwaiter().GetResult()));
        RecorderMemory.Write(to);
        to.WriteLine("| on two threads at once | one thread, ns | two, ns each | ratio | another two, ns each | goal |");
        to.WriteLine("|---|---:|---:|---:|---:|---:|");
        Scaling(to, "Route, XXH64", 1.2, route.Xxh64);
        Scaling(to, "Record", 1.3, record.Record);
        Scaling(to, "assign, two clock reads, record", 1.3, record.AssignAndRecord);
        Scaling(to, "naive: lock and ring", null, record.NaiveRecord);
        shadow.CleanAsync().GetAwaiter().GetResult();
    }

    private static void Table(TextWriter to, string title, params Measured[] rows)
    {
        foreach (var row in rows) Repeat(WarmRounds, row.Slice);
        foreach (var row in rows) row.Forget();
        for (var round = 0; round < Rounds; round++)
            foreach (var row in rows) row.Slice();
        to.WriteLine($"| {title} | min ns | median ns | of the first | B | goal ns |");
        to.WriteLine("|---|---:|---:|---:|---:|---:|");
        foreach (var row in rows)
        {
            to.Write($"| {row.Name} | {row.Min:F1} | {row.Median:F1} | {row.Min / rows[0].Min:F2} ");
            to.WriteLine($"| {row.Allocated:F0} | {row.Goal:F0} |");
        }
        to.WriteLine();
    }

    private static Measured Long(string name, double? goal, Func<long> run) =>
        new(name, goal, run) { Operations = EvaluationBenchmarks.Operations };

    private static Measured Seconds(string name, double? goal, Func<long> run) =>
        new(name, goal, run) { Operations = TrialBenchmarks.Seconds };

    private static void Scaling(TextWriter to, string name, double? goal, Func<long> run)
    {
        var one = new TwoThreads(run, Rounds).MinAlone();
        // Threads draw their stripes in turn, so of two pairs one has a stripe each, and the other shares one.
        double[] pairs = [new TwoThreads(run, PairedRounds).Min(), new TwoThreads(run, PairedRounds).Min()];
        to.WriteLine($"| {name} | {one:F1} | {Best(pairs):F1} | {Best(pairs) / one:F2} | {pairs.Max():F1} | {goal:F1} |");
    }

    private static double Best(double[] pairs) => pairs.Where(double.IsFinite).DefaultIfEmpty(double.NaN).Min();

    private static void Repeat(int times, Action action)
    {
        for (var i = 0; i < times; i++) action();
    }
}
