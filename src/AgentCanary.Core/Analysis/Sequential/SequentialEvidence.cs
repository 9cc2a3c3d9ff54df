using System.Collections.Immutable;
using AgentCanary.Metrics;

namespace AgentCanary.Analysis.Sequential;

/// <summary>The evidence of a whole rollout, carried through its stages. Immutable; the same ticks in the same order give the same bits.</summary>
public sealed record SequentialEvidence
{
    // From so many stable latencies on the quantiles hold still enough to be frozen.
    private const long MinToFreeze = 200;

    /// <summary>Gets the evidence of each check, in the order of <see cref="SequentialTerms.Checks"/>.</summary>
    public required ImmutableArray<CheckEvidence> Checks { get; init; }

    /// <summary>Gets stable's latencies until the quantiles are frozen.</summary>
    public MetricWindow Stable { get; init; } = MetricWindow.Empty;

    /// <summary>Begins the evidence of a rollout.</summary>
    public static SequentialEvidence Start(SequentialTerms terms)
    {
        ArgumentNullException.ThrowIfNull(terms);
        return new() { Checks = [.. terms.Checks.Select(CheckEvidence.Start)] };
    }

    /// <summary>Adds a complete tick. Ticks come in order and each once; a closed block is never opened again.</summary>
    public SequentialEvidence Add(SequentialTerms terms, TickTally tick)
    {
        ArgumentNullException.ThrowIfNull(terms);
        ArgumentNullException.ThrowIfNull(tick);
        var stable = Stable.Latencies.Count < 10 * MinToFreeze ? Stable.Merge(tick.Control) : Stable;
        var checks = ImmutableArray.CreateBuilder<CheckEvidence>(Checks.Length);
        for (var i = 0; i < Checks.Length; i++) checks.Add(Add(terms.Checks[i], Checks[i], tick, Stable));
        return new() { Checks = checks.MoveToImmutable(), Stable = stable };
    }

    /// <summary>Gets ln of the evidence for a rollback: the weighted mean over the checks that may roll back.</summary>
    /// <param name="terms">The terms.</param>
    /// <param name="counts">Which checks count: an absolute bound that both versions break says nothing against the canary.</param>
    public double LogRollback(SequentialTerms terms, Func<int, bool> counts)
    {
        ArgumentNullException.ThrowIfNull(terms);
        ArgumentNullException.ThrowIfNull(counts);
        Span<double> logs = stackalloc double[Math.Max(1, Checks.Length)];
        logs[0] = 0;
        for (var i = 0; i < Checks.Length; i++)
            logs[i] = terms.Checks[i].Share > 0 ? Math.Log(terms.Checks[i].Share) + (counts(i) ? LogWorse(terms, i) : 0) : double.NegativeInfinity;
        return Checks.IsEmpty ? 0 : Numerics.LogSumExp(logs);
    }

    /// <summary>Gets ln of the evidence that the canary breaks a check.</summary>
    public double LogWorse(SequentialTerms terms, int check)
    {
        ArgumentNullException.ThrowIfNull(terms);
        var evidence = Checks[check];
        if (evidence.Rollback is { } rollback) return rollback.LogE;
        var (bad, count) = (evidence.Total.CanaryBad, evidence.Total.CanaryCount);
        return count == 0 ? 0 : Gate.LogRateAbove(bad, count, AbsoluteTest.Bound(terms.Checks[check].Check));
    }

    /// <summary>Gets ln of the most evidence so far that the canary keeps a check, for leaving a stage of a weight.</summary>
    public double LogNotWorse(SequentialTerms terms, int check, Weight weight)
    {
        ArgumentNullException.ThrowIfNull(terms);
        var evidence = Checks[check];
        if (!evidence.Promotions.IsEmpty) return evidence.Promotions[terms.Checks[check].PromotionFor(weight)].LogMax;
        var (bad, count) = (evidence.Total.CanaryBad, evidence.Total.CanaryCount);
        return count == 0 ? 0 : Gate.LogRateBelow(bad, count, AbsoluteTest.Bound(terms.Checks[check].Check));
    }

    /// <inheritdoc/>
    public bool Equals(SequentialEvidence? other) => other is not null && Checks.SequenceEqual(other.Checks) && Stable.Equals(other.Stable);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Checks.Length, Stable);

    private static CheckEvidence Add(CheckTerms terms, CheckEvidence evidence, TickTally tick, MetricWindow stable)
    {
        var check = terms.Check;
        if (!check.Metric.IsDuration) return Close(terms, evidence, AbsoluteTest.Counts(check, tick), AbsoluteTest.Counts(check, tick));
        if (!check.Compares) return evidence with { Total = evidence.Total.Plus(AbsoluteTest.Counts(check, tick)) };
        var edge = evidence.StableEdge >= 0 ? evidence.StableEdge
            : stable.Latencies.Count >= MinToFreeze / (1 - check.Metric.Quantile) / 20 ? stable.Latencies.QuantileEdge(check.Metric.Quantile) ?? -1 : -1;
        return edge < 0 ? evidence : Close(terms, evidence with { StableEdge = edge }, Slow(tick, edge, terms.SlowFactor), Slow(tick, edge, terms.PromotionSlowFactor));
    }

    // A canary answer is slow above stable's frozen quantile times the factor, rounded up to an edge.
    private static Block Slow(TickTally tick, int edge, double factor) => new(
        tick.Control.Counted, tick.Control.SlowerThan(edge),
        tick.Canary.Counted, tick.Canary.SlowerThan(CoarseHistogram.EdgeAtOrAbove(CoarseHistogram.Edges[edge] * factor)));

    private static CheckEvidence Close(CheckTerms terms, CheckEvidence evidence, Block tick, Block promotionTick)
    {
        evidence = evidence with { Open = evidence.Open.Plus(tick), OpenPromotion = evidence.OpenPromotion.Plus(promotionTick), Total = evidence.Total.Plus(tick) };
        if (terms.Rollback is null || !BlockClosing.IsComplete(evidence.Open, evidence.ClosedCanary)) return evidence;
        return evidence with
        {
            Rollback = RateTest.Add(terms.Rollback, evidence.Rollback!, evidence.Open),
            Promotions = [.. evidence.Promotions.Select((state, i) => RateTest.Add(terms.Promotions[i], state, evidence.OpenPromotion))],
            ClosedCanary = evidence.ClosedCanary + evidence.Open.CanaryCount,
            Open = default,
            OpenPromotion = default,
        };
    }
}
