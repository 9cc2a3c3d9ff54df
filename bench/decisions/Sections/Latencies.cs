using AgentCanary.Analysis.Sequential;
using AgentCanary.Metrics;
using AgentCanary.Planning;

namespace AgentCanary.Decisions.Sections;

/// <summary>Goal 5: a slower version is found by the whole distribution of its latencies, and by the share beyond stable's 95th percentile.</summary>
internal static class Latencies
{
    private const long Most = 5_000;
    private const int Calibrated = 1_000;
    private const int P95 = 3;

    private const string RolloutCheck = "p95_latency_increase < 0.1";
    private const int PerSecond = 20;
    private const int Onset = 120;
    private const int Watched = 1_800;

    private static readonly SequentialTerms Terms = EvidenceRun.Of(RolloutCheck);
    private static readonly ShapeTerms Shape = new() { Restarts = new() };
    private static readonly RateTerms Gate = new() { PriorMean = 0.05, PriorCount = 200, HalfLife = 50_000, Restarts = new() };

    private static readonly (double Sigma, double Slower, string Shape, string Gate)[] Rows =
    [
        (0.6, 1, "0.5 %", "0.5 %"), (0.6, 1.1, "623", "96 % found"), (0.6, 1.5, "33", "74"), (0.6, 2, "12", "20"),
        (1, 1, "0.0 %", "0.2 %"), (1, 1.1, "98 % found", "32 % found"), (1, 1.5, "87", "251"), (1, 2, "32", "66"),
    ];

    public static Section Section { get; } = new(
        "Latency",
        5,
        "Lognormal latencies, 5 % canary, up to 5,000 canary requests. Stable's quantiles are frozen from 1,000 of its requests at a cut of the ladder, as a rollout freezes them; the canary is cut at the same places, so the null is "
            + "\"not slower at all\". \"Whole\" is the test on six bins, \"p95\" the share of answers beyond stable's 95th percentile; both with restarts, as a rollout runs them. Mean canary requests until the rollback. "
            + $"Last the whole check `{RolloutCheck}`, with both tests, through the recorder and the evidence of a rollout at {PerSecond} requests/s, for a canary that slows down after {Onset / 60} minutes.",
        Measure);

    private static IEnumerable<Figure> Measure(Effort effort)
    {
        var seed = 501ul;
        foreach (var (sigma, slower, shape, gate) in Rows)
        {
            var runs = effort.Runs(slower == 1 ? 2_000 : 1_000);
            var found = Runs.Of(runs, seed, random => (Whole: Until(random, sigma, slower, isWhole: true), P95: Until(random, sigma, slower, isWhole: false)));
            var name = slower == 1 ? $"equal, σ = {sigma:0.#}" : $"{slower:0.#} × as slow, σ = {sigma:0.#}";
            yield return Of($"{name}: whole", [.. found.Select(run => run.Whole)], slower, seed)
                with { Reference = shape, Goal = slower == 1 ? Goal.AtMost(0.01) : (sigma, slower) is (0.6, 1.5) ? Goal.AtMost(40) : null };
            yield return Of($"{name}: p95", [.. found.Select(run => run.P95)], slower, seed++) with { Reference = gate, Goal = slower == 1 ? Goal.AtMost(0.01) : null };
        }
        foreach (var slower in (double[])[1, 1.5, 2])
        {
            var name = slower == 1 ? "the whole check, equal" : $"the whole check, {slower:0.#} × as slow, σ = 0.6";
            yield return Of(name, Runs.Of(effort.Runs(slower == 1 ? 1_000 : 500), seed, random => Watch(random, slower)), slower, seed++) with { Goal = slower == 1 ? Goal.AtMost(0.01) : null };
        }
    }

    private static Figure Of(string name, long?[] found, double slower, ulong seed) => slower == 1
        ? new(name, Unit.Share, Estimate.Share(found.Count(requests => requests is not null), found.Length), found.Length, seed)
        : Sampled.Requests(name, found, Most, seed);

    private static long? Until(SplitMix64 random, double sigma, double slower, bool isWhole)
    {
        var cuts = Freeze(random, sigma);
        var (stable, canary) = (UpTo(cuts, sigma, 1), UpTo(cuts, sigma, slower));
        var (arrivals, shape, gate) = (new Requests(random, _ => new(0.05, 0, 0)), ShapeTest.Start(Shape), RateTest.Start(Gate));
        Span<long> stablePlaces = stackalloc long[ShapeTest.BinCount];
        Span<long> canaryPlaces = stackalloc long[ShapeTest.BinCount];
        while (arrivals.CanaryCount < Most)
        {
            var block = arrivals.NextBlock();
            Draw(random, block.StableCount, stable, stablePlaces);
            Draw(random, block.CanaryCount, canary, canaryPlaces);
            if (isWhole) shape = ShapeTest.Add(Shape, shape, canaryPlaces, stablePlaces);
            else gate = RateTest.Add(Gate, gate, block with { StableBad = Beyond(stablePlaces), CanaryBad = Beyond(canaryPlaces) });
            if ((isWhole ? shape.LogE : gate.LogE) >= RateRun.Rollback) return arrivals.CanaryCount;
        }
        return null;
    }

    // How many requests the canary was given from its slowing down on until the rollback.
    private static long? Watch(SplitMix64 random, double slower)
    {
        var (run, canary) = (new EvidenceRun(Terms), 0L);
        for (var second = 0; second < Onset + Watched; second++)
        {
            for (var i = 0; i < PerSecond; i++)
            {
                var arm = random.NextUnit() < 0.05 ? Arm.Canary : Arm.Control;
                var isSlow = arm is Arm.Canary && second >= Onset;
                if (isSlow) canary++;
                run.End(arm, run.Start(arm), new() { Latency = (isSlow ? slower : 1) * TimeSpan.FromSeconds(Math.Exp(0.6 * Numerics.PhiInverse(random.NextUnit() + 1e-17))) });
            }
            run.To(second + 1);
            if (run.LogRollback >= RateRun.Rollback) return canary;
        }
        return null;
    }

    // In units of 100 ns, about a median of one second.
    private static long[] Freeze(SplitMix64 random, double sigma)
    {
        var ladder = Quantity.Ladder(Quantity.Latency);
        var cells = new long[ladder.Count];
        for (var i = 0; i < Calibrated; i++) cells[ladder.Find((long)(TimeSpan.TicksPerSecond * Math.Exp(sigma * Numerics.PhiInverse(random.NextUnit() + 1e-17))))]++;
        var seen = BucketCounts.Of(cells);
        return [.. ShapeTest.Quantiles.Select(quantile => ladder.Cuts[seen.QuantileBucket(quantile)!.Value])];
    }

    // The share of answers below each cut.
    private static double[] UpTo(long[] cuts, double sigma, double slower) =>
        [.. cuts.Select(cut => Numerics.Phi(Math.Log(cut / (slower * TimeSpan.TicksPerSecond)) / sigma)), 1];

    private static void Draw(SplitMix64 random, long requests, double[] upTo, Span<long> places)
    {
        places.Clear();
        for (var i = 0L; i < requests; i++)
        {
            var (fate, place) = (random.NextUnit(), 0);
            while (fate >= upTo[place]) place++;
            places[place]++;
        }
    }

    private static long Beyond(ReadOnlySpan<long> places)
    {
        var beyond = 0L;
        foreach (var count in places[(P95 + 1)..]) beyond += count;
        return beyond;
    }
}
