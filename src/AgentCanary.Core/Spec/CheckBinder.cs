using System.Collections.Immutable;

namespace AgentCanary.Spec;

/// <summary>Binds checks: a rule as text, or a mapping with a rule and what follows from it.</summary>
internal static class CheckBinder
{
    private const int MostChecks = 100;
    private const string Wanted = "a rule such as error_rate_increase < 0.10";
    private static readonly NumberRange Rate = new("a number of at least 0.000001 and below 1", rate => rate is >= 0.000_001 and < 1);

    public static ImmutableArray<Check> BindAll(Place place) =>
        [.. place.Items("a list of rules such as [ \"error_rate_increase < 0.10\" ]", MostChecks).Select(Bind).OfType<Check>()];

    private static Check? Bind(Place place)
    {
        if (place.Node is not SpecNode.Mapping) return Rule(place);
        var section = place.Section(Wanted)!;
        var check = Rule(section.Need("check", "check: \"error_rate_increase < 0.10\""));
        var onFail = section.Take("on_fail")
            .Choice(OnFail.RollBack, ("rollback", OnFail.RollBack), ("hold", OnFail.Hold), ("warn", OnFail.Warn));
        var noData = section.Take("no_data").Choice(NoData.Hold, ("hold", NoData.Hold), ("pass", NoData.Pass), ("fail", NoData.Fail));
        var maxRate = section.Take("p_max") is { } rate ? MaxRate(rate, check) : null;
        section.Close();
        return check is null ? null : check with { OnFail = onFail, NoData = noData, MaxRate = maxRate };
    }

    private static Check? Rule(Place? place) => place.Read<Check?>(null, Wanted, (text, out check, out fault) =>
    {
        var isRule = Check.TryParse(text, out var read, out var wrong);
        (check, fault) = (read, wrong ?? "");
        return isRule;
    });

    private static double? MaxRate(Place place, Check? check)
    {
        var rate = place.Number(double.NaN, Rate);
        if (check is { Metric.Kind: not MetricKind.SafetyViolations })
            place.Fault("p_max is the rate of safety violations to exclude: write it beside safety_violations == 0 only");
        return double.IsNaN(rate) ? null : rate;
    }
}
