using System.Globalization;
using AgentCanary.Analysis.Sequential;

namespace AgentCanary.Planning;

/// <summary>Says in words on what a stage is left, as far as a check is concerned.</summary>
internal static class Shown
{
    public static string By(Check check, Proof proof, CheckTerms? terms, double beta) => proof switch
    {
        Proof.Free(var why) => why,
        Proof.Never(var why) => why,
        Proof.Unknown(var why) => why,
        Proof.Requests(var count, _) when check.IsZeroTolerance =>
            $"none in {Words.Number(count)} requests of the stage: a rate above {PlanWords.Roughly(Gate.CleanBound(count, beta))} is excluded",
        Proof.Requests(var count, _) when check.Metric.Kind is MetricKind.Requests => $"{Words.Number(count)} canary requests",
        Proof.Requests(var count, var ofBoth) => $"the plain figures of {Words.Number(count)} requests{(ofBoth ? " in each arm" : "")} hold: no proof",
        Proof.Margin(_, var test) when check.Compares => Compared(check, terms!.Tracks[0].Measure, test),
        _ => $"of the canary alone: {check.Text}",
    };

    private static string Compared(Check check, Measure measure, TestTerms test) => (measure, test) switch
    {
        (Measure.Spread spread, _) => string.Create(CultureInfo.InvariantCulture, $"no slower than {spread.PromotionFactor:0.##} x stable's {check.Metric.Name}")
            + (spread.Offset > 0 ? $" or {Words.Duration(TimeSpan.FromTicks(spread.Offset))} more, whichever is slower" : ""),
        (_, RateTerms rate) => $"not more than {PlanWords.Points(rate.Line.A)} worse than stable",
        (Measure.Mean { Width: { } width }, ScoreTerms { Slope: 1 } score) =>
            string.Create(CultureInfo.InvariantCulture, $"not more than {score.Margin * width / Metrics.FixedPoint.Millionths:0.###} below stable"),
        (_, ScoreTerms { Slope: > 1 } amount) => $"not more than {PlanWords.Share(amount.Slope - 1)} above stable",
        _ => $"{check.Text}",
    };
}
