using System.Globalization;

namespace AgentCanary;

/// <summary>Figures as people read them: as many digits as they are worth.</summary>
internal static class Words
{
    public static string Duration(TimeSpan span) => span switch
    {
        { TotalDays: >= 1 } => string.Create(CultureInfo.InvariantCulture, $"{span.TotalDays:0.#} d"),
        { TotalHours: >= 1 } => string.Create(CultureInfo.InvariantCulture, $"{span.TotalHours:0.#} h"),
        { TotalMinutes: >= 1 } => string.Create(CultureInfo.InvariantCulture, $"{span.TotalMinutes:0.#} min"),
        { TotalSeconds: >= 1 } or { Ticks: 0 } => string.Create(CultureInfo.InvariantCulture, $"{span.TotalSeconds:0.#} s"),
        _ => string.Create(CultureInfo.InvariantCulture, $"{span.TotalMilliseconds:0.#} ms"),
    };

    /// <summary>A measured time: three digits.</summary>
    public static string Latency(TimeSpan span) => span.TotalMilliseconds switch
    {
        < 10 and var milliseconds => string.Create(CultureInfo.InvariantCulture, $"{milliseconds:0.##} ms"),
        < 100 and var milliseconds => string.Create(CultureInfo.InvariantCulture, $"{milliseconds:0.#} ms"),
        < 1000 and var milliseconds => string.Create(CultureInfo.InvariantCulture, $"{milliseconds:0} ms"),
        < 10_000 => string.Create(CultureInfo.InvariantCulture, $"{span.TotalSeconds:0.##} s"),
        _ => string.Create(CultureInfo.InvariantCulture, $"{span.TotalSeconds:0.#} s"),
    };

    /// <summary>A time that is only guessed: 75 s, 21 min, 5.2 h, 12 d.</summary>
    public static string About(TimeSpan span) => span switch
    {
        { TotalSeconds: < 90 } => $"{Math.Max(1, Math.Round(span.TotalSeconds))} s",
        { TotalMinutes: < 90 } => $"{Math.Round(span.TotalMinutes)} min",
        { TotalHours: < 36 } => $"{Significant(span.TotalHours)} h",
        _ => $"{Significant(span.TotalDays)} d",
    };

    /// <summary>A number that is only guessed: to two digits and a half, 1 at least.</summary>
    public static string About(double number)
    {
        if (number < 1) return "1";
        var step = Math.Max(1, Math.Pow(10, Math.Floor(Math.Log10(number)) - 1) / 2);
        return Number(Math.Round(number / step) * step);
    }

    public static string Number(double value) => value.ToString("#,0.###", CultureInfo.InvariantCulture);

    public static string Percent(double fraction) => string.Create(CultureInfo.InvariantCulture, $"{fraction * 100:0.##} %");

    /// <summary>A measured share: two digits, and more only where the last failing ones would be rounded away.</summary>
    public static string Rate(double fraction)
    {
        var percent = fraction * 100;
        var text = percent switch
        {
            0 or >= 100 => percent.ToString("0", CultureInfo.InvariantCulture),
            > 99 => (100 - RoundTo(100 - percent, 2)).ToString("0.######", CultureInfo.InvariantCulture),
            >= 9.95 => percent.ToString("0", CultureInfo.InvariantCulture),
            >= 0.995 => percent.ToString("0.0", CultureInfo.InvariantCulture),
            _ => RoundTo(percent, 2).ToString("0.######", CultureInfo.InvariantCulture),
        };
        return $"{text} %";
    }

    /// <summary>A difference of two shares.</summary>
    public static string Points(double fraction) => string.Create(CultureInfo.InvariantCulture, $"{fraction * 100:0.##} point{(fraction == 0.01 ? "" : "s")}");

    /// <summary>Odds against one, told up to a million.</summary>
    public static string Odds(double logE) => logE > Math.Log(1e6) ? "more than 1,000,000 to 1"
        : Math.Exp(logE) is var odds && odds < 10 ? $"{Significant(odds)} to 1"
        : $"{About(odds)} to 1";

    /// <summary>Requests in time, by the unit that gives a number of some size.</summary>
    public static string Pace(double perSecond) => perSecond switch
    {
        >= 0.1 => $"{Significant(perSecond)} req/s",
        >= 0.1 / 60 => $"{Significant(perSecond * 60)} req/min",
        >= 0.1 / 3600 => $"{Significant(perSecond * 3600)} req/h",
        _ => $"{Significant(perSecond * 86_400)} req/d",
    };

    public static string Count(double count, string what) => $"{Number(count)} {what}{(count == 1 ? "" : "s")}";

    /// <summary>Two digits.</summary>
    public static string Significant(double value) => Number(RoundTo(value, 2));

    /// <summary>An amount of money: three digits, however small it is.</summary>
    public static string Amount(double value) => RoundTo(value, 3).ToString("#,0.#########", CultureInfo.InvariantCulture);

    private static double RoundTo(double value, int digits)
    {
        if (value <= 0) return 0;
        var step = Math.Pow(10, Math.Floor(Math.Log10(value)) + 1 - digits);
        return Math.Round(value / step) * step;
    }
}
