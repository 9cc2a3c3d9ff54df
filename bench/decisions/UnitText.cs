using System.Globalization;

namespace AgentCanary.Decisions;

/// <summary>Writes a figure with its unit.</summary>
internal static class UnitText
{
    public static string Of(Unit unit, double value) => unit switch
    {
        Unit.Share => string.Create(CultureInfo.InvariantCulture, $"{value * 100:0.0#} %"),
        Unit.Ratio => string.Create(CultureInfo.InvariantCulture, $"{value:0.00} ×"),
        Unit.Requests => string.Create(CultureInfo.InvariantCulture, $"{value:#,##0.##}"),
        Unit.Minutes => string.Create(CultureInfo.InvariantCulture, $"{value:0.0#} min"),
        Unit.Microseconds => string.Create(CultureInfo.InvariantCulture, $"{value:0.00} µs"),
        _ => string.Create(CultureInfo.InvariantCulture, $"{value:0} B"),
    };
}
