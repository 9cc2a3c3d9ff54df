using System.Globalization;
using AgentCanary.Spec;

namespace AgentCanary.Planning;

/// <summary>Reads one figure of a baseline, such as <c>p95_latency=800ms</c>.</summary>
internal static class BaselineFigure
{
    private static readonly string[] Suffixes = ["_increase", "_regression", "_delta"];

    /// <summary>Reads a figure: its metric's name and value, or what is wrong.</summary>
    public static (string? Name, double Value, string? Fault) Read(string text)
    {
        var parts = text.Split('=', 2, StringSplitOptions.TrimEntries);
        if (parts.Length < 2 || parts[0].Length == 0) return Refused($"{Quote.Of(text)} is not a figure: write METRIC=VALUE, such as error_rate=0.01");
        if (Array.Find(Suffixes, suffix => parts[0].EndsWith(suffix, StringComparison.Ordinal)) is { } compared)
            return Refused($"{Quote.Of(parts[0])} compares two versions, and a figure is of one: write {Quote.Plain(parts[0][..^compared.Length])}=VALUE");
        if (!Metric.TryParse(parts[0], out var metric)) return Refused($"{Quote.Of(parts[0])} is not a metric: {Spelling.Advise(parts[0], Metric.Known.Split(", "))}");
        if (metric.Kind is MetricKind.Requests) return Refused("requests is no figure of a version: the traffic is --rate, such as --rate 5/s");
        if (CheckGrammar.ReadValue(parts[1], metric, CheckComparison.Own, out var value) is { } fault) return Refused($"{parts[0]}: {fault}");
        var (wanted, isInside) = Range(metric, value);
        return isInside ? (parts[0], value, null)
            : Refused(string.Create(CultureInfo.InvariantCulture, $"{parts[0]} is {Quote.Of(parts[1])}: write {wanted}"));
    }

    private static (string Wanted, bool IsInside) Range(Metric metric, double value) => metric.Kind switch
    {
        MetricKind.SafetyViolations => ("the violations of one request, 0 or more and below 1, such as 0.0001", value is >= 0 and < 1),
        _ when metric.IsRate => ("a share of 0 to 1, such as 0.01 or 1%", value is >= 0 and <= 1),
        MetricKind.Score => ("a score of 0 to 1, or of 1 to 5 stars, such as 0.8", value is >= 0 and <= 5),
        _ when metric.IsDuration => ("a time above 0, such as 800ms", value > 0),
        _ => ("a number above 0", value > 0),
    };

    private static (string?, double, string) Refused(string fault) => (null, 0, fault);
}
