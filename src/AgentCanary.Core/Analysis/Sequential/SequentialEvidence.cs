using System.Collections.Immutable;
using AgentCanary.Metrics;

namespace AgentCanary.Analysis.Sequential;

/// <summary>The evidence of a whole rollout, carried through its stages. Immutable; the same ticks in the same order give the same bits.</summary>
public sealed record SequentialEvidence
{
    private const double LeastEffect = 1.2;

    /// <summary>Gets the evidence of each check, in the order of <see cref="SequentialTerms.Checks"/>.</summary>
    public required ImmutableArray<CheckEvidence> Checks { get; init; }

    /// <summary>Gets how many observations are worth one independent one, as users' requests resemble each other: 1 or more.</summary>
    public double DesignEffect { get; init; } = 1;

    /// <summary>Gets what gains are divided by: a small effect is no more than noise, and the tests bear it.</summary>
    internal double Divisor => DesignEffect > LeastEffect ? DesignEffect : 1;

    /// <summary>Gets stable's quantiles, in the order of <see cref="SequentialTerms.Calibrations"/>.</summary>
    internal ImmutableArray<Calibration> Calibrations { get; init; } = [];

    /// <summary>Gets how many answers of the canary told their tokens and their cost, and how many did not.</summary>
    internal MetricWindow CanaryTold { get; init; } = MetricWindow.Empty;

    /// <summary>Gets how many answers of stable told them, and how many did not.</summary>
    internal MetricWindow ControlTold { get; init; } = MetricWindow.Empty;

    /// <summary>Begins the evidence of a rollout.</summary>
    public static SequentialEvidence Start(SequentialTerms terms)
    {
        ArgumentNullException.ThrowIfNull(terms);
        return new() { Checks = [.. terms.Checks.Select(CheckEvidence.Start)], Calibrations = [.. terms.Calibrations.Select(Calibration.Start)] };
    }

    /// <summary>Adds a complete tick. Ticks come in order and each once; a closed block is never opened again.</summary>
    public SequentialEvidence Add(SequentialTerms terms, TickTally tick)
    {
        ArgumentNullException.ThrowIfNull(terms);
        ArgumentNullException.ThrowIfNull(tick);
        // The cuts are those of the ticks before, so that no tick is cut where its own answers said.
        var frozen = new FrozenCuts(terms.Calibrations, Calibrations);
        var checks = ImmutableArray.CreateBuilder<CheckEvidence>(Checks.Length);
        for (var i = 0; i < Checks.Length; i++) checks.Add(Checks[i].Add(terms.Checks[i], tick, frozen));
        var calibrations = Calibrate(terms, tick);
        // Stable has become another one: what was seen by the old cuts cannot be added to what will be by new ones. The evidence that it gave stands.
        for (var i = 0; i < calibrations.Length; i++)
        {
            if (!Calibrations[i].IsDone || calibrations[i].IsDone) continue;
            for (var j = 0; j < checks.Count; j++) checks[j] = checks[j].Recut(terms.Checks[j], terms.Calibrations[i].Quantity);
        }
        return WithTold(tick.Canary, tick.Control) with { Checks = checks.MoveToImmutable(), Calibrations = calibrations };
    }

    /// <summary>Adds how many answers of two windows told their tokens and their cost, and how many did not.</summary>
    internal SequentialEvidence WithTold(MetricWindow canary, MetricWindow control) =>
        this with { CanaryTold = CanaryTold.Merge(MetricWindow.OfTold(canary)), ControlTold = ControlTold.Merge(MetricWindow.OfTold(control)) };

    /// <summary>Learns of a tick in which nobody was on the canary: stable's quantiles, and no evidence.</summary>
    internal SequentialEvidence Learn(SequentialTerms terms, TickTally tick) => this with { Calibrations = Calibrate(terms, tick) };

    /// <summary>Adds scores that were reported after their answers.</summary>
    /// <param name="terms">The terms.</param>
    /// <param name="stage">The stage that served.</param>
    /// <param name="scores">The scores.</param>
    /// <param name="isPresent">Whether that stage still serves: only then they may help to leave it.</param>
    internal SequentialEvidence AddReported(SequentialTerms terms, int stage, TickTally scores, bool isPresent)
    {
        var frozen = new FrozenCuts(terms.Calibrations, Calibrations);
        return this with { Checks = [.. Checks.Select((check, i) => check.AddReported(terms.Checks[i], stage, scores, frozen, isPresent))] };
    }

    /// <summary>Says what ticks that are opened from now on must count by bins.</summary>
    internal BinPlan Plan(SequentialTerms terms) => terms.Plan(new(terms.Calibrations, Calibrations));

    /// <summary>Tells whether other evidence is cut where this one is.</summary>
    internal bool HasCutsOf(SequentialEvidence other) => Calibrations.Zip(other.Calibrations).All(pair => pair.First.Frozen.AsSpan().SequenceEqual(pair.Second.Frozen.AsSpan()));

    /// <summary>Tells whether the evidence is of these terms: not where a file was superseded, or where another version wrote it.</summary>
    internal bool Fits(SequentialTerms terms) => Checks.Length == terms.Checks.Length && Checks.Zip(terms.Checks).All(pair => pair.First.Fits(pair.Second))
        && Calibrations.Length == terms.Calibrations.Length && Calibrations.Zip(terms.Calibrations).All(pair => pair.First.Frozen.Length == pair.Second.Quantiles.Length);

    /// <summary>
    /// Gets ln of the evidence that the canary breaks a check: the mean over its tracks, by their shares. Of a check that compares with a bound alone it is the lesser of two, that the canary breaks the bound and that
    /// it is worse than stable over the same ticks: the lesser of two e-values is one wherever either null holds, so that nothing grows of what befalls both versions.
    /// </summary>
    /// <param name="terms">The terms.</param>
    /// <param name="check">The place of the check.</param>
    /// <param name="hasControl">Whether stable serves somebody, so that it can be known how it fares; otherwise the bound alone is judged.</param>
    public double LogWorse(SequentialTerms terms, int check, bool hasControl = true)
    {
        ArgumentNullException.ThrowIfNull(terms);
        var (own, tracks) = (terms.Checks[check], Checks[check].Tracks);
        Span<double> logs = stackalloc double[tracks.Length];
        for (var i = 0; i < logs.Length; i++) logs[i] = LogWorse(own, check, i);
        if (tracks.Length == 1) return logs[0];
        if (own.Tracks[^1].IsBeside) return hasControl && Checks[check].All.StableCount > 0 ? Math.Min(logs[0], logs[1]) : logs[0];
        for (var i = 0; i < logs.Length; i++) logs[i] += Math.Log(own.Share > 0 ? own.Tracks[i].Share / own.Share : 1.0 / logs.Length);
        return Numerics.LogSumExp(logs);
    }

    /// <summary>Gets ln of the most evidence so far that the canary keeps a check, for leaving a stage of a weight.</summary>
    public double LogNotWorse(SequentialTerms terms, int check, Weight weight)
    {
        ArgumentNullException.ThrowIfNull(terms);
        var (own, track) = (terms.Checks[check], Checks[check].Tracks[0]);
        if (track.Promotions.IsEmpty) return LogBound(own, Checks[check].Total, isAbove: false);
        var promotion = own.PromotionFor(weight);
        // What it was at most was reckoned by an older effect, or none.
        return Divisor > 1 ? own.Promotions[promotion].LogE(track.Promotions[promotion], Divisor) : track.Promotions[promotion].LogMax;
    }

    /// <inheritdoc/>
    public bool Equals(SequentialEvidence? other) => other is not null && DesignEffect.Equals(other.DesignEffect)
        && Checks.SequenceEqual(other.Checks) && Calibrations.SequenceEqual(other.Calibrations) && CanaryTold.Equals(other.CanaryTold) && ControlTold.Equals(other.ControlTold);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Checks.Length, Calibrations.Length);

    private double LogWorse(CheckTerms terms, int check, int track) => Checks[check].Tracks[track].Rollback is { } rollback
        ? terms.Tracks[track].Rollback!.LogE(rollback, Divisor)
        : LogBound(terms, Checks[check].All, isAbove: true);

    private double LogBound(CheckTerms terms, Block total, bool isAbove)
    {
        var (bad, count) = (total.CanaryBad / Divisor, total.CanaryCount / Divisor);
        return count == 0 ? 0 : isAbove ? Gate.LogRateAbove(bad, count, terms.Bound) : Gate.LogRateBelow(bad, count, terms.Bound);
    }

    private ImmutableArray<Calibration> Calibrate(SequentialTerms terms, TickTally tick) =>
        Calibrations.IsEmpty ? Calibrations : [.. Calibrations.Select((calibration, i) => calibration.Add(terms.Calibrations[i], tick))];
}
