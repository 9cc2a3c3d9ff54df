namespace AgentCanary.Planning;

/// <summary>How often chance alone breaks a check that compares plain rates, at its first look.</summary>
internal static class PointLuck
{
    private const int Draws = 4000;
    private const double Slack = 0.001;

    /// <summary>The probability; null for checks that are no comparison of rates of bad answers.</summary>
    public static double? Of(Check check, StageScript stage, Baseline baseline)
    {
        if (!check.Compares || !check.Metric.IsRate || check.Metric.HigherIsBetter || check.OnFail is not OnFail.RollBack || stage.Share <= 0) return null;
        var rate = check.Metric.Kind is MetricKind.ErrorRate ? baseline.ErrorRate : baseline.BadRate(check.Metric.Kind);
        var canary = (long)Math.Ceiling(stage.ForBothArms(Math.Max(1, stage.Stage.MinRequests)));
        var stable = (long)Math.Ceiling(canary * (1 - stage.Share) / stage.Share);
        var (random, broken) = (new SplitMix64(1), 0);
        for (var i = 0; i < Draws; i++)
        {
            var control = Binomial.Draw(random, stable, rate) / (double)stable;
            var most = check.Comparison is CheckComparison.Delta ? control + check.Threshold : ((1 + check.Threshold) * control) + Slack;
            if (Binomial.Draw(random, canary, rate) / (double)canary > most) broken++;
        }
        return broken / (double)Draws;
    }
}
