using System.Collections.Immutable;
using AgentCanary.Analysis.Sequential;
using AgentCanary.Metrics;
using AgentCanary.Spec;

namespace AgentCanary.Control;

/// <summary>The sequential tests of a rollout as they run: by which terms, and what they have seen. One caller at a time.</summary>
internal sealed class SequentialRun
{
    private SequentialRun(SequentialTerms terms, SequentialEvidence evidence) => (Terms, Evidence) = (terms, evidence);

    public SequentialTerms Terms { get; }

    public SequentialEvidence Evidence { get; private set; }

    /// <summary>Gets what ticks must count by bins.</summary>
    public BinPlan Plan => Evidence.Plan(Terms);

    /// <summary>Goes on with the tests of a rollout.</summary>
    /// <returns>Null where plain figures are compared.</returns>
    public static SequentialRun? Begin(RolloutState state, SequentialEvidence? kept, EvaluatorOptions options)
    {
        var analysis = state.Spec.Analysis;
        if (analysis.Mode is not AnalysisMode.Sequential) return null;
        var terms = SequentialTerms.Of(state.Spec.Stages.SelectMany(stage => options.Checks(stage)), analysis.Alpha, analysis.Beta, analysis.Margin);
        if (options.TellsRatios) terms = terms.WithRatios();
        // Evidence of other checks is of no use: the file was superseded, or written by another version.
        return new(terms, kept is not null && kept.Fits(terms) ? kept : SequentialEvidence.Start(terms));
    }

    /// <summary>Adds a complete tick.</summary>
    /// <param name="tick">The tick.</param>
    /// <param name="isBefore">Whether nobody was on the canary, so that it is learned from and compared with nothing.</param>
    public void Add(TickTally tick, bool isBefore) => Evidence = isBefore ? Evidence.Learn(Terms, tick) : Evidence.Add(Terms, tick);

    /// <summary>Adds scores that were reported after their answers.</summary>
    public void AddReported(int stage, TickTally scores, bool isPresent) => Evidence = Evidence.AddReported(Terms, stage, scores, isPresent);

    /// <summary>Takes note of how much the requests of one user resemble each other.</summary>
    public void Discount(double designEffect) => Evidence = Evidence with { DesignEffect = designEffect };
}
