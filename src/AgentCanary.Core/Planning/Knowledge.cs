using AgentCanary.Analysis.Sequential;
using AgentCanary.Spec;

namespace AgentCanary.Planning;

/// <summary>Says what an agent's traffic can show at all in some time, with half of it on the canary, which shows most.</summary>
/// <param name="outlook">The rollout.</param>
/// <param name="baseline">How stable does.</param>
/// <param name="time">The time.</param>
/// <param name="seed">The seed.</param>
internal sealed class Knowledge(Outlook outlook, Baseline baseline, TimeSpan time, ulong seed)
{
    private const int Runs = 200;
    private const double Half = 0.5;

    private static readonly double[] Margins = [0.001, 0.002, 0.005, 0.01, 0.02, 0.03, 0.05, 0.07, 0.1, 0.15, 0.2, 0.3, 0.5];
    private static readonly double[] Rates = [0.01, 0.02, 0.03, 0.05, 0.07, 0.1, 0.15, 0.2, 0.25, 0.3, 0.4, 0.5, 0.75, 1];

    private readonly AnalysisSpec _analysis = outlook.Spec.Analysis;

    private double All => outlook.Traffic.PerSecond * time.TotalSeconds;

    public IEnumerable<string> Sentences()
    {
        var first = outlook.Stages.FirstOrDefault(stage => stage.Stage.Weight > Weight.None && stage.Stage.Weight < Weight.Full)?.Stage;
        yield return $"{PlanWords.Count(All)} requests come in {PlanWords.Time(time.TotalSeconds)}: {PlanWords.Count(All * Half)} for the canary at 50 %"
            + (first is null ? "" : $", {PlanWords.Count(All * first.Weight.Fraction)} at the {first.Weight} of stage '{first.Name}'");
        yield return Margins.Where(margin => margin + baseline.ErrorRate < 1).Cast<double?>().FirstOrDefault(margin => IsShown(margin!.Value)) is { } shown
            ? $"at 50 % they show, nine times in ten, that an equal canary fails not more than {PlanWords.Points(shown)} more often than stable, and nothing finer"
            : $"at 50 % they do not even show that an equal canary fails not more than {PlanWords.Points(Margins[^1])} more often than stable";
        if (Seen() is { } seen)
            yield return $"at 50 % they take back, nine times in ten, a canary that fails {PlanWords.Share(seen)} of its requests or more";
        yield return $"no violation in {PlanWords.Count(All * Half)} canary requests excludes a rate of violations above "
            + PlanWords.Roughly(Gate.CleanBound((long)(All * Half), _analysis.Beta));
    }

    private bool IsShown(double margin)
    {
        var test = new RateTerms { Line = new(margin, 1), Worse = false, HalfLife = 50_000 };
        var source = Source.Of(baseline.ErrorRate, baseline.ErrorRate);
        var (random, late) = (new SplitMix64(seed), 0);
        for (var run = 0; run < Runs; run++)
        {
            if (!IsShown(new SourceRun(source, [test], random), random) && ++late > Runs / 10) return false;
        }
        return true;
    }

    private bool IsShown(SourceRun run, SplitMix64 random)
    {
        for (var seen = 0L; seen < All;)
        {
            var requests = Math.Max(1, seen / 50);
            seen += requests;
            var canary = Binomial.Draw(random, requests, Half);
            if (run.Add(requests - canary, canary, hasControl: true) && run.LogE(0) >= Math.Log(1 / _analysis.Beta)) return true;
        }
        return false;
    }

    private double? Seen()
    {
        if (Script.Of(outlook.Spec, outlook.Traffic, baseline).Terms is not { } terms) return null;
        var stage = new StageScript(new(Weight.FromFraction(Half)), [], [], outlook.Traffic.PerSecond, Half, 1, IsLast: false);
        var canaries = new BadCanaries(terms, baseline, seed);
        return Rates.Where(rate => rate > baseline.ErrorRate).Cast<double?>().FirstOrDefault(rate => canaries.Find(stage, rate!.Value, Runs)?.P90 <= All * Half);
    }
}
