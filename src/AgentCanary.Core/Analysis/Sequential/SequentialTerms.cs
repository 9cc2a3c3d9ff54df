using System.Collections.Immutable;

namespace AgentCanary.Analysis.Sequential;

/// <summary>What a whole rollout tests, and how sure it must be. Immutable and thread-safe.</summary>
/// <param name="Checks">Every check of every stage once, in the order of their appearance.</param>
/// <param name="Alpha">The highest probability of a false rollback over the whole rollout.</param>
/// <param name="Beta">The highest probability of a false promotion.</param>
public sealed record SequentialTerms(ImmutableArray<CheckTerms> Checks, double Alpha, double Beta)
{
    /// <summary>Makes the terms of a rollout: one process for each check over all stages, so that evidence is carried through them.</summary>
    /// <param name="checks">The checks of all stages.</param>
    /// <param name="alpha">The highest probability of a false rollback.</param>
    /// <param name="beta">The highest probability of a false promotion.</param>
    /// <param name="margin">The margin of every promotion, or null for the automatic ones.</param>
    public static SequentialTerms Of(IEnumerable<Check> checks, double alpha, double beta, double? margin)
    {
        ArgumentNullException.ThrowIfNull(checks);
        var terms = checks.DistinctBy(check => check.Text).Select(check => CheckTerms.Of(check, margin)).OfType<CheckTerms>().ToImmutableArray();
        var total = terms.Where(CanRollBack).Sum(Worth);
        return new([.. terms.Select(term => CanRollBack(term) ? term with { Share = Worth(term) / total } : term)], alpha, beta);
    }

    /// <summary>Finds the terms of a check, or null where it is not tested in sequence.</summary>
    public int IndexOf(Check check)
    {
        ArgumentNullException.ThrowIfNull(check);
        for (var i = 0; i < Checks.Length; i++)
        {
            if (Checks[i].Check.Text == check.Text) return i;
        }
        return -1;
    }

    private static bool CanRollBack(CheckTerms terms) => terms.Check.OnFail is OnFail.RollBack;

    // Errors are found first, so they get the most.
    private static double Worth(CheckTerms terms) => terms.Check.Metric.Kind switch
    {
        MetricKind.ErrorRate or MetricKind.SuccessRate => 0.4,
        MetricKind.LatencyQuantile => 0.1,
        _ => 0.2,
    };
}
