using System.Globalization;

namespace AgentCanary.Planning;

/// <summary>Writes the figures of a plan as people read them: no more digits than made rollouts can give.</summary>
public static class PlanWords
{
    private const double Year = 365.25 * 86_400;

    /// <summary>Writes seconds as a time, such as <c>9.2 h</c>; <c>never</c> where they are infinite.</summary>
    public static string Time(double seconds) => seconds switch
    {
        double.PositiveInfinity => "never",
        >= 1000 * Year => "over 1,000 years",
        >= 2 * Year => $"{Count(seconds / Year)} years",
        >= 100 * 86_400 => $"{Count(seconds / 86_400)} d",
        _ => Words.Duration(TimeSpan.FromSeconds(seconds)),
    };

    /// <summary>Writes a number of requests in two significant digits from 100 on; <c>never</c> where it is infinite.</summary>
    public static string Count(double count)
    {
        if (double.IsInfinity(count)) return "never";
        var scale = count < 100 ? 1 : Math.Pow(10, Math.Floor(Math.Log10(count)) - 1);
        return (Math.Round(count / scale) * scale).ToString("#,0", CultureInfo.InvariantCulture);
    }

    /// <summary>Writes a share in per cent, such as <c>5.8 %</c>.</summary>
    public static string Share(double share) => string.Create(CultureInfo.InvariantCulture, $"{share * 100:0.##} %");

    /// <summary>Writes a share in per cent with two significant digits.</summary>
    public static string Roughly(double share)
    {
        var digits = share > 0 ? Math.Clamp(1 - (int)Math.Floor(Math.Log10(share * 100)), 0, 9) : 0;
        return string.Create(CultureInfo.InvariantCulture, $"{Math.Round(share * 100, digits):0.#########} %");
    }

    /// <summary>Writes a difference of shares in percentage points, such as <c>2 points</c>.</summary>
    public static string Points(double margin) => string.Create(CultureInfo.InvariantCulture, $"{margin * 100:0.##} point{(margin is 0.01 ? "" : "s")}");

    internal static string Value(Metric metric, double value) =>
        metric.IsDuration ? Words.Duration(TimeSpan.FromMilliseconds(value))
        : metric.IsRate ? Words.Percent(value)
        : value.ToString("G4", CultureInfo.InvariantCulture);
}
