using System.CommandLine;
using System.Globalization;
using AgentCanary.Spec;

namespace AgentCanary.Cli.Output;

/// <summary>Reads times on the command line: <c>90s</c>, <c>15m</c>, <c>1h</c>.</summary>
internal static class Durations
{
    /// <summary>Makes an option that takes a time above zero, in a range where one is given.</summary>
    public static Option<TimeSpan?> Option(string name, string description, TimeSpan? least = null, TimeSpan? most = null) => new(name)
    {
        Description = description,
        HelpName = "TIME",
        CustomParser = result =>
        {
            var text = result.Tokens[0].Value;
            if (Read(text) is not { } time) result.AddError($"{name} is '{text}': write a time such as 90s, 15m or 1h.");
            else if (time >= (least ?? time) && time <= (most ?? time)) return time;
            else result.AddError($"{name} is '{text}': write {DurationText.Write(least ?? default)} to {DurationText.Write(most ?? TimeSpan.MaxValue)}.");
            return default;
        },
    };

    /// <summary>Reads a time above zero; null where the text is none.</summary>
    public static TimeSpan? Read(string text)
    {
        var number = text.TrimEnd('m', 's', 'h', 'd');
        var unit = text[number.Length..] switch { "ms" => 0.001, "s" => 1, "m" => 60, "h" => 3600, "d" => 86_400, _ => double.NaN };
        return double.TryParse(number, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var value) && value * unit is > 0 and < 1e8
            ? TimeSpan.FromSeconds(value * unit)
            : null;
    }
}
