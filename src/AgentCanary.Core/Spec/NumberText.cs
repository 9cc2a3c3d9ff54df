using System.Globalization;

namespace AgentCanary.Spec;

/// <summary>The notations of numbers and truth values. Numbers are finite decimals.</summary>
internal static class NumberText
{
    public static bool TryParseWhole(string text, int least, int most, out int value, out string fault)
    {
        var isWhole = int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out value);
        fault = isWhole && value >= least && value <= most ? ""
            : string.Create(CultureInfo.InvariantCulture, $"{Quote.Of(text)} is not a whole number of {least} to {most}");
        return fault.Length == 0;
    }

    public static bool TryParse(string text, NumberRange range, out double value, out string fault)
    {
        const NumberStyles Plain = NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint | NumberStyles.AllowExponent;
        // Half-open ranges are written so that NaN and infinity fall out as well.
        var isNumber = double.TryParse(text, Plain, CultureInfo.InvariantCulture, out value) && double.IsFinite(value)
            && range.Holds(value);
        fault = isNumber ? "" : $"{Quote.Of(text)} is not {range.Wanted}";
        return isNumber;
    }

    public static bool TryParseTruth(string text, out bool value, out string fault)
    {
        value = text is "true" or "True" or "TRUE";
        fault = value || text is "false" or "False" or "FALSE" ? "" : $"{Quote.Of(text)} is neither true nor false";
        return fault.Length == 0;
    }
}
