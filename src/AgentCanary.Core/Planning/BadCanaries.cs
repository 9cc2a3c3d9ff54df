using AgentCanary.Analysis.Sequential;

namespace AgentCanary.Planning;

/// <summary>Plays canaries that fail too often through the rollback tests of a rollout, from the first request of a stage on.</summary>
/// <param name="terms">The tests of the rollout.</param>
/// <param name="baseline">How stable does.</param>
/// <param name="seed">The seed.</param>
internal sealed class BadCanaries(SequentialTerms terms, Baseline baseline, ulong seed)
{
    private const int Fineness = 50;
    private const int MostSteps = 1500;

    /// <summary>What twice and five times stable's failures, and half of all requests, would cost in a stage.</summary>
    public IEnumerable<BadCanaryOutlook> Outlooks(StageScript stage, int runs)
    {
        foreach (var rate in new[] { 2 * baseline.ErrorRate, 5 * baseline.ErrorRate, 0.5 }.Where(rate => rate > baseline.ErrorRate && rate < 1).Distinct().Order())
        {
            var requests = Find(stage, rate, runs) ?? new(double.PositiveInfinity, double.PositiveInfinity, double.PositiveInfinity);
            yield return new()
            {
                ErrorRate = rate,
                Requests = requests,
                Seconds = requests.Times(1 / stage.CanaryPerSecond),
                Failed = requests.Times(rate),
                IsInsideMargin = stage.Checks.Zip(stage.Proofs).All(each => each.First.Metric.Kind is not (MetricKind.ErrorRate or MetricKind.SuccessRate) || Allows(each.Second, rate)),
            };
        }
    }

    /// <summary>The canary requests until the rollback; null where no test of errors can see such a canary.</summary>
    /// <param name="stage">The stage.</param>
    /// <param name="errorRate">The share of canary requests that fail.</param>
    /// <param name="runs">How many rollouts are played.</param>
    public Spread? Find(StageScript stage, double errorRate, int runs)
    {
        var sources = new Sources(baseline, errorRate);
        var seen = terms.Checks.SelectMany(check => check.Tracks.Select(track => (Check: check, Track: track, Source: sources.Of(track, isPromotion: false))))
            .Where(each => each.Track.Share > 0 && each.Source is { } source && Sees(each.Check, each.Track, source)).ToArray();
        if (seen.Length == 0) return null;
        var random = new SplitMix64(seed);
        return Spread.Of(Enumerable.Range(0, runs).Select(_ => Play(stage, [.. seen.Select(each => (each.Check, each.Track, Begin(each.Source!, each.Track)))], random)));

        SourceRun Begin(Source source, TrackTerms track) => new(source, track.Rollback is { } test ? [test] : [], random);
    }

    // A rate on the good side of its line wins nothing, and a bound that stable breaks too says nothing. The whole distribution of latencies is left out: it sees
    // failures late, as slow answers.
    private static bool Sees(CheckTerms check, TrackTerms track, Source source) => track.Rollback switch
    {
        RateTerms rate => source.CanaryBad > rate.Line.At(source.StableBad),
        null => source.CanaryBad > check.Bound && source.StableBad <= check.Bound,
        _ => false,
    };

    private bool Allows(Proof proof, double rate) => proof switch
    {
        Proof.Margin(_, RateTerms test) => rate < test.Line.At(baseline.ErrorRate),
        Proof.Bound(_, var most) => rate < most,
        _ => true,
    };

    private double Play(StageScript stage, (CheckTerms Check, TrackTerms Track, SourceRun Run)[] runs, SplitMix64 random)
    {
        var (requests, canary) = (0L, 0L);
        for (var step = 0; step < MostSteps; step++)
        {
            var some = Math.Max((long)stage.Eligible, Math.Max(1, requests / Fineness));
            var own = Binomial.Draw(random, some, stage.Share);
            (requests, canary) = (requests + some, canary + own);
            var isNew = false;
            foreach (var (_, _, run) in runs) isNew |= run.Add(some - own, own, stage.HasControl);
            if (isNew && LogRollback(runs) >= Math.Log(1 / terms.Alpha)) return canary;
        }
        return double.PositiveInfinity;
    }

    private static double LogRollback((CheckTerms Check, TrackTerms Track, SourceRun Run)[] runs)
    {
        Span<double> logs = stackalloc double[runs.Length];
        for (var i = 0; i < runs.Length; i++)
        {
            var (check, track, run) = runs[i];
            logs[i] = Math.Log(track.Share) + (track.Rollback is not null ? run.LogE(0)
                : run.CanaryCount == 0 ? 0 : Gate.LogRateAbove(run.CanaryBad, run.CanaryCount, check.Bound));
        }
        return Numerics.LogSumExp(logs);
    }
}
