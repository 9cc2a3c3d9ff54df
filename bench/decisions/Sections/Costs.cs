using System.Diagnostics;
using AgentCanary.Analysis.Sequential;
using AgentCanary.Planning;

namespace AgentCanary.Decisions.Sections;

/// <summary>Goal 8: what a closed block costs, and what is kept of a check.</summary>
internal static class Costs
{
    private const int Blocks = 64;
    private const int Slices = 4_000;
    private const int Seconds = 1_200;
    private const int PerSecond = 200;

    public static Section Section { get; } = new(
        "What it costs",
        8,
        $"The time of one block of 8 canary and 152 stable requests in one process: the cheapest of {Slices} slices of {Blocks:#,##0} blocks, as the neighbours on the machine disturb most of them; the error is the distance to the "
            + $"cheapest quarter. The bytes are those that a store keeps of one check after {Seconds / 60} minutes at {PerSecond} requests/s and 5 %: its tests, its open blocks and its calibration.",
        Measure);

    private static IEnumerable<Figure> Measure(Effort effort)
    {
        var random = new SplitMix64(801);
        var blocks = Enumerable.Range(0, Blocks).Select(_ => new Block(152, Binomial.Draw(random, 152, 0.01), 8, Binomial.Draw(random, 8, 0.01))).ToArray();
        yield return Time("rate, worse (6 alternatives)", () => Feed(RateRun.Worse(new(0.001, 1.1)), blocks));
        yield return Time("rate, not worse (3 alternatives)", () => Feed(RateRun.NotWorse(new(0.01, 1)), blocks));
        yield return Time("whole latency (5 shifts, 6 bins)", () => FeedShape(blocks));
        yield return Time("score (6 stakes, 101 places)", () => FeedScore(blocks));
        foreach (var check in (string[])["error_rate_increase < 0.10", "p95_latency_increase < 0.5", "score.quality_delta > -0.01", "cost_per_request_increase < 0.1"])
        {
            var bytes = Bytes(check);
            yield return new($"kept of `{check}`", Unit.Bytes, new(bytes, 0), 1, 802) { Goal = Goal.AtMost(1_024) };
        }
    }

    private static Figure Time(string name, Func<double> feed)
    {
        var (kept, slices) = (0.0, new double[Slices]);
        for (var slice = -Slices; slice < Slices; slice++)
        {
            var started = Stopwatch.GetTimestamp();
            kept += feed();
            if (slice >= 0) slices[slice] = Stopwatch.GetElapsedTime(started).TotalMicroseconds / Blocks;
        }
        Array.Sort(slices);
        return new(double.IsNaN(kept) ? "" : name, Unit.Microseconds, new(slices[0], slices[Slices / 4] - slices[0]), Slices, null) { Goal = Goal.AtMost(5), Reference = "≈ 2 µs" };
    }

    private static double Feed(RateTerms terms, Block[] blocks)
    {
        var state = RateTest.Start(terms);
        foreach (var block in blocks) state = RateTest.Add(terms, state, block);
        return state.LogE;
    }

    private static double FeedShape(Block[] blocks)
    {
        var (terms, state) = (new ShapeTerms { Restarts = new() }, ShapeTest.Start(new() { Restarts = new() }));
        foreach (var block in blocks) state = ShapeTest.Add(terms, state, [4, 2, 1, 0, 1 - block.CanaryBad, block.CanaryBad], [76, 38, 22, 8, 8 - block.StableBad, block.StableBad]);
        return state.LogE;
    }

    private static double FeedScore(Block[] blocks)
    {
        var (terms, state) = (new ScoreTerms(0.01) { Restarts = new() }, ScoreTest.Start(new(0.01) { Restarts = new() }));
        var (canary, stable) = (new long[ScoreTest.Places], new long[ScoreTest.Places]);
        for (var place = 0; place < 152; place++) stable[60 + (place * 7 % 40)]++;
        for (var place = 0; place < 8; place++) canary[62 + (place * 5)]++;
        foreach (var _ in blocks) state = ScoreTest.Add(terms, state, canary, stable);
        return state.LogE;
    }

    private static int Bytes(string check)
    {
        var (random, run) = (new SplitMix64(802), new EvidenceRun(EvidenceRun.Of(check)));
        for (var second = 0; second < Seconds; second++)
        {
            for (var i = 0; i < PerSecond; i++) Serve(random, run);
            run.To(second + 1);
        }
        using var stream = new MemoryStream();
        using var writer = new BinaryWriter(stream);
        SequentialCodec.Write(writer, run.Evidence);
        return (int)stream.Length;
    }

    private static void Serve(SplitMix64 random, EvidenceRun run)
    {
        var arm = random.NextUnit() < 0.05 ? Arm.Canary : Arm.Control;
        var spread = Math.Exp(0.6 * Numerics.PhiInverse(random.NextUnit() + 1e-17));
        run.End(arm, run.Start(arm), new()
        {
            Class = random.NextUnit() < 0.01 ? OutcomeClass.ErrorUpstream : OutcomeClass.Ok,
            Latency = TimeSpan.FromMilliseconds(800 * spread),
            Cost = 0.002 * spread,
            Scores = [new("quality", 0.6 + (0.4 * random.NextUnit()))],
        });
    }
}
