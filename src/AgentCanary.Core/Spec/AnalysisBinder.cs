using System.Collections.Immutable;

namespace AgentCanary.Spec;

/// <summary>Binds <c>analysis</c>.</summary>
internal static class AnalysisBinder
{
    private const int MostFastFailures = 1000;
    private static readonly Weight MostHeldBack = Weight.FromPercent(50);
    private static readonly NumberRange ErrorRate = new("a number above 0 and below 0.5", rate => rate is > 0 and < 0.5);
    private static readonly NumberRange Margin = new("auto or a number above 0 and below 1", margin => margin is > 0 and < 1);

    public static AnalysisSpec Bind(Place? place)
    {
        var absent = new AnalysisSpec();
        if (place?.Section("a mapping such as { alpha: 0.01 }") is not { } section) return absent;
        var (margin, holdback) = (section.Take("margin"), section.Take("holdback"));
        var spec = absent with
        {
            Mode = section.Take("mode").Choice(absent.Mode, ("sequential", AnalysisMode.Sequential), ("point", AnalysisMode.Point)),
            Alpha = section.Take("alpha").Number(absent.Alpha, ErrorRate),
            Beta = section.Take("beta").Number(absent.Beta, ErrorRate),
            PromotionObserved = section.Take("promotion").Choice(false, ("proven", false), ("observed", true)),
            Margin = margin?.Node is SpecNode.Scalar { Text: "auto" } or null ? null : margin.Number(0, Margin),
            UnitIsKey = section.Take("unit").Choice(false, ("request", false), ("key", true)),
            OutcomeDeadline =
                section.Take("outcome_deadline").Duration(absent.OutcomeDeadline, TimeSpan.FromSeconds(1), TimeSpan.FromHours(1)),
            WarmUp = section.Take("warm_up").Duration(default, default, TimeSpan.FromHours(1)),
            Holdback = holdback.Weight(Weight.None),
            FastFailures = section.Take("fast_failures").Whole(absent.FastFailures, 0, MostFastFailures),
        };
        section.Close();
        if (spec.Holdback > MostHeldBack) holdback?.Fault($"{spec.Holdback} is held back: write 0 to 50%, or roll out less");
        return spec;
    }
}
