using System.Collections.Immutable;
using AgentCanary.Analysis.Sequential;
using AgentCanary.Spec;

namespace AgentCanary.Planning;

/// <summary>Looks for weights and margins that let nine in ten rollouts end in time, each tried by playing it.</summary>
/// <param name="outlook">The rollout as it is written.</param>
/// <param name="baseline">How stable does.</param>
/// <param name="budget">The time.</param>
/// <param name="seed">The seed.</param>
/// <param name="runs">How many rollouts a suggestion is played.</param>
internal sealed class FitSearch(Outlook outlook, Baseline baseline, TimeSpan budget, ulong seed, int runs)
{
    private const int FewRuns = 100;

    private static readonly double[] Margins = [0.005, 0.01, 0.02, 0.03, 0.05, 0.07, 0.1, 0.15, 0.2];
    private static readonly Weight[] Weights = [.. new[] { 5.0, 10, 25, 50 }.Select(Weight.FromPercent)];

    private readonly RolloutSpec _spec = outlook.Spec;

    public Fitting Find()
    {
        var fitting = new Fitting { Budget = budget, FitsAsWritten = outlook.Seconds.P90 <= budget.TotalSeconds };
        if (fitting.FitsAsWritten) return fitting;
        if (_spec.Analysis.Mode is AnalysisMode.Point) return fitting with { Obstacle = Obstacle(_spec) };
        var fits = double.IsFinite(outlook.Seconds.Median) ? Found() : [];
        return fitting with
        {
            Fits = fits,
            Obstacle = !fits.IsEmpty ? null : double.IsFinite(outlook.Seconds.Median) ? Obstacle(With(Weights[^1], HasMargins ? Margins[^1] : null)) : Obstacle(_spec),
            Known = double.IsInfinity(outlook.Seconds.Median) ? [] : [.. Horizons(fits.IsEmpty).SelectMany(time => new Knowledge(outlook, baseline, time, seed).Sentences())],
        };
    }

    private bool HasMargins => Of(_spec).Stages.SelectMany(stage => stage.Proofs).Any(proof => proof is Proof.Margin(_, RateTerms { Line.A: > 0 }));

    // Where nothing fits, a patient reader should know what the longest time would show.
    private IEnumerable<TimeSpan> Horizons(bool isHopeless) => isHopeless && budget < RolloutPlanner.Longest ? [budget, RolloutPlanner.Longest] : [budget];

    // The margin alone first; then the least weight that brings a finer one.
    private ImmutableArray<Fit> Found()
    {
        var fits = ImmutableArray.CreateBuilder<Fit>();
        foreach (var least in Weights.Where(weight => _spec.Stages.Any(stage => IsRaised(stage, weight))).Prepend(Weight.None))
        {
            if (Finest(least) is { } fit && (fits.Count == 0 || fit.Margin < fits[^1].Margin)) fits.Add(fit);
        }
        return fits.Count > 2 ? [fits[0], fits[^1]] : fits.ToImmutable();
    }

    private Fit? Finest(Weight least)
    {
        if (!HasMargins) return Checked(With(least, null));
        if (!IsInTime(With(least, Margins[^1]))) return null;
        var (finest, coarsest) = (0, Margins.Length - 1);
        while (finest < coarsest)
        {
            var middle = (finest + coarsest) / 2;
            if (IsInTime(With(least, Margins[middle]))) coarsest = middle;
            else finest = middle + 1;
        }
        // The few runs of the search may have been lucky.
        return Margins.Skip(coarsest).Select(margin => Checked(With(least, margin))).FirstOrDefault(fit => fit is not null);
    }

    private Fit? Checked(RolloutSpec spec)
    {
        var seconds = Rehearsal.Total(Rehearsal.Play(Of(spec), runs, seed));
        return seconds.P90 <= budget.TotalSeconds ? new(spec.Analysis.Margin, spec.Stages, seconds) : null;
    }

    private bool IsInTime(RolloutSpec spec)
    {
        var (script, random, late) = (Of(spec), new SplitMix64(seed), 0);
        for (var run = 0; run < FewRuns; run++)
        {
            if (new Rehearsal(script, random).Run().Sum(stage => stage.Seconds) > budget.TotalSeconds && ++late > FewRuns / 10) return false;
        }
        return true;
    }

    private string Obstacle(RolloutSpec spec)
    {
        var bake = _spec.Stages.Sum(stage => stage.LeastTime.TotalSeconds);
        if (bake > budget.TotalSeconds) return $"the bake times alone are {PlanWords.Time(bake)}";
        var script = Of(spec);
        var played = Rehearsal.Play(script, FewRuns, seed);
        var (stage, slowest) = script.Stages.Select((stage, i) => (stage, Spread.Of(played.Select(run => run[i].Seconds)))).MaxBy(each => each.Item2.P90);
        var cause = played.Select(run => run[script.Stages.IndexOf(stage)].Cause).GroupBy(each => each).MaxBy(group => group.Count())!.Key;
        var margin = spec.Analysis.Margin is { } wide ? $" and a margin of {PlanWords.Points(wide)}" : "";
        return (spec == _spec ? "" : $"even with every weight at {Weights[^1]} or more{margin} ") + $"stage '{stage.Stage.Name}' waits for {cause.Name(stage)}: "
            + (double.IsFinite(slowest.P90) ? $"nine in ten rollouts leave it after {PlanWords.Time(slowest.P90)}" : "it is never left by itself");
    }

    private Script Of(RolloutSpec spec) => Script.Of(spec, outlook.Traffic, baseline);

    private RolloutSpec With(Weight least, double? margin) => _spec with
    {
        Stages = [.. _spec.Stages.Select(stage => IsRaised(stage, least) ? stage with { Weight = least } : stage)],
        Analysis = _spec.Analysis with { Margin = margin ?? _spec.Analysis.Margin },
    };

    private static bool IsRaised(Stage stage, Weight least) => stage.Weight > Weight.None && stage.Weight < least;
}
