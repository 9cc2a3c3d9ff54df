using System.Globalization;

namespace AgentCanary.Spec;

/// <summary>The notation of a duration: a number and <c>ms</c>, <c>s</c>, <c>m</c>, <c>h</c> or <c>d</c>. Pure and thread-safe.</summary>
public static class DurationText
{
    private static readonly (string Unit, decimal Milliseconds)[] Units =
        [("ms", 1), ("s", 1_000), ("m", 60_000), ("h", 3_600_000), ("d", 86_400_000)];

    internal static bool TryParse(string text, TimeSpan least, TimeSpan most, out TimeSpan value, out string fault)
    {
        value = default;
        var digits = text.TrimEnd('m', 's', 'h', 'd');
        var unit = text[digits.Length..];
        var isNumber = decimal.TryParse(
            digits.TrimEnd(), NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var number);
        var scale = isNumber && number == 0 && unit.Length == 0 ? 1 : Array.Find(Units, known => known.Unit == unit).Milliseconds;
        if (!isNumber || scale == 0)
        {
            fault = isNumber && unit.Length == 0
                ? $"{Quote.Of(text)} has no unit: write {Quote.Plain(digits)}s or {Quote.Plain(digits)}m"
                : $"{Quote.Of(text)} is not a duration: write 500ms, 30s, 10m, 1h or 2d";
            return false;
        }
        // Compared before it is multiplied, so that no number is too large for the type.
        var isInRange = number >= (decimal)least.TotalMilliseconds / scale && number <= (decimal)most.TotalMilliseconds / scale;
        if (isInRange) value = TimeSpan.FromMilliseconds((double)(number * scale));
        fault = isInRange ? "" : $"{Quote.Of(text)} is outside {Write(least)} to {Write(most)}";
        return isInRange;
    }

    /// <summary>Writes a duration in the largest unit that needs no fraction, such as <c>90s</c>.</summary>
    public static string Write(TimeSpan duration)
    {
        if (duration == TimeSpan.Zero) return "0s";
        var milliseconds = (decimal)duration.TotalMilliseconds;
        var whole = Array.FindLast(Units, known => milliseconds % known.Milliseconds == 0);
        var (unit, scale) = whole.Unit is null ? Units[0] : whole;
        return string.Create(CultureInfo.InvariantCulture, $"{milliseconds / scale:0.###}{unit}");
    }
}
