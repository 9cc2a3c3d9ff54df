using System.Globalization;

namespace AgentCanary;

/// <summary>The closed grammar of checks: metric, suffix, operator, number, unit. There are no expressions.</summary>
internal static class CheckGrammar
{
    private const int LongestText = 200;

    // Longer operators first, so that "<=" is not read as "<".
    private static readonly (string Symbol, CheckOperator Operator)[] Operators =
        [("<=", CheckOperator.LessOrEqual), (">=", CheckOperator.GreaterOrEqual), ("==", CheckOperator.Equal), ("<", CheckOperator.Less), (">", CheckOperator.Greater)];

    public static (Check? Check, string? Fault) Read(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        if (text.Length > LongestText) return (null, $"a check is at most {LongestText} characters long, this one has {text.Length}");
        var at = text.AsSpan().IndexOfAny("<>=!");
        if (at < 0) return (null, $"'{text}' has no operator: write METRIC OPERATOR NUMBER, such as 'error_rate_increase < 0.10'");
        var (symbol, op) = Array.Find(Operators, candidate => text.AsSpan(at).StartsWith(candidate.Symbol));
        if (symbol is null) return (null, $"'{text}' has an unknown operator: use <, <=, >, >= or ==");
        var name = text[..at].Trim();
        var value = text[(at + symbol.Length)..].Trim();
        var (metric, comparison) = SplitName(name);
        if (metric.Name is null)
            return (null, $"'{name}' is not a metric: use one of {Metric.Known}, with _increase, _regression or _delta to compare with control");
        if (comparison is not CheckComparison.Own && metric.Kind is (MetricKind.Requests or MetricKind.SafetyViolations))
            return (null, $"'{name}' cannot be compared with control: write '{metric.Name} {symbol} {value}'");
        if (ReadValue(value, metric, comparison, out var threshold) is { } fault) return (null, fault);
        return (new Check { Text = $"{name} {symbol} {value}", Metric = metric, Comparison = comparison, Operator = op, Threshold = threshold }, null);
    }

    private static (Metric Metric, CheckComparison Comparison) SplitName(string name)
    {
        foreach (var (suffix, comparison) in (ReadOnlySpan<(string, CheckComparison)>)
            [("_increase", CheckComparison.Relative), ("_regression", CheckComparison.Relative), ("_delta", CheckComparison.Delta)])
        {
            if (name.EndsWith(suffix, StringComparison.Ordinal) && Metric.TryParse(name[..^suffix.Length], out var compared)) return (compared, comparison);
        }
        return Metric.TryParse(name, out var own) ? (own, CheckComparison.Own) : default;
    }

    /// <summary>Reads a number with its unit, as a check on the metric takes it.</summary>
    /// <returns>What is wrong, or null.</returns>
    internal static string? ReadValue(string value, Metric metric, CheckComparison comparison, out double threshold)
    {
        var number = value.TrimEnd('%', 'm', 's', ' ');
        var unit = value[number.Length..].Trim();
        if (!double.TryParse(number, NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out threshold) || !double.IsFinite(threshold))
            return $"'{value}' is not a number: write a plain decimal such as 0.05, with %, ms, s or m where it fits";
        var isDuration = metric.IsDuration && comparison is not CheckComparison.Relative;
        var scale = unit switch { "" => 1, "%" => 0.01, "ms" => 1, "s" => 1000, "m" => 60_000, _ => double.NaN };
        if (double.IsNaN(scale)) return $"'{unit}' is not a unit: use ms, s, m or %";
        if (isDuration && unit is ("" or "%")) return $"'{value}' needs a unit of time: write {number}ms, {number}s or {number}m";
        if (!isDuration && unit is ("ms" or "s" or "m")) return $"'{value}' has a unit of time, and {metric.Name} here is a plain figure: write {number}";
        threshold *= scale;
        return null;
    }
}
