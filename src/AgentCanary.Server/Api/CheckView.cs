using AgentCanary.Analysis;

namespace AgentCanary.Server.Api;

/// <summary>One check as JSON, in the shape that replays print too. Figures that do not exist are null.</summary>
/// <param name="Check">The check as it stands in the file.</param>
/// <param name="Verdict"><c>Inconclusive</c>, <c>Pass</c> or <c>Fail</c>.</param>
/// <param name="Canary">The canary's value: a fraction, milliseconds or a plain figure.</param>
/// <param name="Control">Control's value over the same ticks.</param>
/// <param name="Low">The lower end of the interval.</param>
/// <param name="High">The upper end of the interval.</param>
/// <param name="RatioLow">How many times control's share of bad answers the canary's is at least.</param>
/// <param name="RatioHigh">How many times control's share of bad answers the canary's is at most.</param>
/// <param name="NCanary">How many canary observations the verdict rests on.</param>
/// <param name="NControl">How many control observations the verdict rests on.</param>
/// <param name="EValue">The evidence against the canary.</param>
/// <param name="DesignEffect">How many observations count as one, as requests of one user resemble each other; null where each counts by itself.</param>
/// <param name="Bound">The value that the canary must not cross.</param>
/// <param name="Reason">The sentence for people.</param>
public sealed record CheckView(
    string Check, string Verdict, double? Canary, double? Control, double? Low, double? High, double? RatioLow, double? RatioHigh, long NCanary, long NControl, double? EValue,
    double? DesignEffect, double? Bound, string Reason)
{
    /// <summary>Maps what the analysis found.</summary>
    public static CheckView Of(CheckResult result)
    {
        ArgumentNullException.ThrowIfNull(result);
        return new(
            result.Check, result.Verdict.ToString(), Finite(result.Canary), Finite(result.Control), Finite(result.Low), Finite(result.High), Finite(result.RatioLow), Finite(result.RatioHigh),
            result.CanaryCount, result.ControlCount, Finite(result.EValue), Finite(result.DesignEffect), Finite(result.Bound), result.Reason);
    }

    // JSON has no word for what is not finite.
    private static double? Finite(double? value) => value is { } figure && double.IsFinite(figure) ? figure : null;
}
