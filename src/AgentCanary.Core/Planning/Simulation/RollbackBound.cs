using AgentCanary.Analysis;
using AgentCanary.Analysis.Sequential;
using AgentCanary.Spec;

namespace AgentCanary.Planning.Simulation;

/// <summary>What no method can beat in a world: the fewest canary requests by which its error rates can be told from those that a rollout's checks allow.</summary>
public static class RollbackBound
{
    /// <summary>Gets the bound at a weight: see <see cref="WaldBound"/>.</summary>
    /// <param name="spec">The rollout: its first check that compares error rates sets the line, its alpha the error.</param>
    /// <param name="world">The world.</param>
    /// <param name="weight">The weight.</param>
    /// <returns>Canary requests; null without such a check, without a control, and where the canary's errors are within what the check allows.</returns>
    public static double? Requests(RolloutSpec spec, World world, Weight weight)
    {
        ArgumentNullException.ThrowIfNull(spec);
        ArgumentNullException.ThrowIfNull(world);
        var (canary, stable) = (world.CanaryErrorRate, world.StableErrorRate);
        var share = Math.Min(weight.Fraction, 1 - spec.Analysis.Holdback.Fraction);
        if (Line(spec) is not { } line || share is <= 0 or >= 1 || stable <= 0 || canary >= 1 || canary <= line.At(stable)) return null;
        return WaldBound.Requests(line, canary, stable, (1 - share) / share, spec.Analysis.Alpha);
    }

    private static Line? Line(RolloutSpec spec) => SequentialTerms.Of(spec.Stages.SelectMany(stage => StageChecks.OfFile(stage)), spec.Analysis.Alpha, spec.Analysis.Beta, spec.Analysis.Margin).Checks
        .Where(terms => terms.Check is { Compares: true, Metric.Kind: MetricKind.ErrorRate or MetricKind.SuccessRate })
        .Select(terms => (terms.Tracks[0].Rollback as RateTerms)?.Line).FirstOrDefault();
}
