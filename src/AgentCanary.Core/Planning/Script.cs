using System.Collections.Immutable;
using AgentCanary.Analysis;
using AgentCanary.Analysis.Sequential;
using AgentCanary.Spec;

namespace AgentCanary.Planning;

/// <summary>A rollout as it is played before it starts: what each stage waits for, and what traffic brings.</summary>
/// <param name="Stages">The stages in order.</param>
/// <param name="Terms">The tests; null where plain figures are compared.</param>
/// <param name="LogProof">ln of the evidence that proves a check: 1 / beta.</param>
internal sealed record Script(ImmutableArray<StageScript> Stages, SequentialTerms? Terms, double LogProof)
{
    public static Script Of(RolloutSpec spec, Traffic traffic, Baseline baseline)
    {
        var analysis = spec.Analysis;
        var terms = analysis.Mode is AnalysisMode.Sequential
            ? SequentialTerms.Of(spec.Stages.SelectMany(stage => StageChecks.OfFile(stage)), analysis.Alpha, analysis.Beta, analysis.Margin)
            : null;
        var proofs = new Proofs(terms, baseline, analysis);
        return new([.. spec.Stages.Select((stage, i) => Play(stage, i))], terms, Math.Log(1 / analysis.Beta));

        StageScript Play(Stage stage, int place)
        {
            var share = Math.Min(stage.Weight.Fraction, 1 - analysis.Holdback.Fraction);
            var checks = StageChecks.OfFile(stage);
            return new(stage, checks, [.. checks.Select(check => proofs.Of(check, stage, share < 1))],
                traffic.Eligible(spec, place), share, traffic.PerUser, place == spec.Stages.Length - 1) { WarmUp = analysis.WarmUp.TotalSeconds };
        }
    }
}
