using System.Globalization;

namespace AgentCanary.Spec;

/// <summary>The notations of a share: <c>5%</c>, <c>0.05</c> and <c>500bp</c>.</summary>
internal static class WeightText
{
    private const NumberStyles Plain = NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint | NumberStyles.AllowExponent;

    public static bool TryParse(string text, out Weight value, out string fault)
    {
        value = default;
        var (digits, scale) = Split(text.Trim());
        if (!decimal.TryParse(digits, Plain, CultureInfo.InvariantCulture, out var number))
        {
            fault = $"{Quote.Of(text)} is not a share: write 5%, 0.05 or 500bp";
            return false;
        }
        if (number < 0 || number > Weight.Scale / scale)
        {
            // A bare 5 may mean 5 % or be a slip: nobody gets 500 % by accident, and nobody gets 5 % by guess.
            fault = scale == Weight.Scale && number is > 1 and <= 100
                ? $"{Quote.Of(text)} is not a fraction of 0 to 1: write {Quote.Plain(digits)}% for per cent"
                : $"{Quote.Of(text)} is outside 0 to 100 %: write 5%, 0.05 or 500bp";
            return false;
        }
        return TryRound(text, number * scale, out value, out fault);
    }

    // Rounding may not turn somebody into nobody, nor almost all into all.
    private static bool TryRound(string text, decimal points, out Weight value, out string fault)
    {
        value = new((int)Math.Round(points, MidpointRounding.AwayFromZero));
        var isLost = (value == Weight.None && points > 0) || (value == Weight.Full && points < Weight.Scale);
        fault = isLost ? $"{Quote.Of(text)} is finer than a basis point: write steps of 0.01%" : "";
        return !isLost;
    }

    private static (string Digits, decimal Scale) Split(string text) =>
        text.EndsWith('%') ? (text[..^1].TrimEnd(), Weight.Scale / 100m)
        : text.EndsWith("bp", StringComparison.Ordinal) ? (text[..^2].TrimEnd(), 1m)
        : (text, Weight.Scale);
}
