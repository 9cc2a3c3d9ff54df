using System.Buffers;
using System.Globalization;

namespace AgentCanary.Cli.Output;

/// <summary>Lays rows out in columns of plain text. Numbers stand on the right.</summary>
internal static class Columns
{
    private const string Gap = "  ";
    private static readonly SearchValues<char> NumberSigns = SearchValues.Create("0123456789.,+-E% ");

    /// <summary>Lays out rows of the same length; the first one is the head.</summary>
    public static IEnumerable<string> Of(IReadOnlyList<string[]> rows)
    {
        var widths = Enumerable.Range(0, rows[0].Length).Select(column => rows.Max(row => row[column].Length)).ToArray();
        return rows.Select(row => string.Join(Gap, row.Select((cell, column) => IsNumber(column) ? cell.PadLeft(widths[column]) : cell.PadRight(widths[column]))).TrimEnd());

        bool IsNumber(int column) => rows.Count > 1 && rows.Skip(1).All(row => !row[column].AsSpan().ContainsAnyExcept(NumberSigns));
    }

    /// <summary>Writes a figure in at most four significant digits, and nothing for none.</summary>
    public static string Figure(double? value) => value?.ToString("G4", CultureInfo.InvariantCulture) ?? "-";

    /// <summary>Writes what a figure may be, as far as it is known.</summary>
    public static string Interval(double? low, double? high, string unit) => (low, high) switch
    {
        (null, null) => "-",
        (null, _) => string.Create(CultureInfo.InvariantCulture, $"up to {high:G3}{unit}"),
        (_, null) => string.Create(CultureInfo.InvariantCulture, $"from {low:G3}{unit}"),
        _ => string.Create(CultureInfo.InvariantCulture, $"{low:G3}{unit} to {high:G3}{unit}"),
    };

    /// <summary>Writes a count with thousands.</summary>
    public static string Count(long value) => value.ToString("N0", CultureInfo.InvariantCulture);
}
