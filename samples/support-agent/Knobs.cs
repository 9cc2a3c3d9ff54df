using System.Globalization;

namespace SupportAgent;

/// <summary>How the agent behaves, set by option or by environment. Rates are fractions, 0 to 1.</summary>
internal sealed record Knobs
{
    public string Version { get; init; } = "v1.0.0";
    public string Urls { get; init; } = "http://127.0.0.1:9101";

    /// <summary>The share of requests answered with a 500.</summary>
    public double ErrorRate { get; init; }

    /// <summary>The median time to the whole answer.</summary>
    public TimeSpan LatencyMedian { get; init; } = TimeSpan.FromMilliseconds(40);

    /// <summary>The spread of that time: the standard deviation of its natural logarithm, 0 to 3.</summary>
    public double LatencySigma { get; init; } = 0.35;

    public double RefusalRate { get; init; }

    /// <summary>The share of answers that send the user to the website instead of helping.</summary>
    public double EvasionRate { get; init; }

    /// <summary>The share of answers that the output guard has to withhold.</summary>
    public double SafetyRate { get; init; }

    /// <summary>The share of tool calls that fail.</summary>
    public double ToolErrorRate { get; init; }

    /// <summary>The mean of the reported quality score, 0 to 1.</summary>
    public double Quality { get; init; } = 0.9;

    /// <summary>The share of streams that end in the middle.</summary>
    public double BreakStreamRate { get; init; }

    public int Seed { get; init; } = 1;

    /// <summary>Stop when standard input closes: how a parent takes its children with it.</summary>
    public bool StopWithStdin { get; init; }

    public static IReadOnlyList<string> Names { get; } =
    [
        "version", "port", "urls", "error-rate", "latency-median", "latency-sigma", "refusal-rate", "evasion-rate", "safety-rate",
        "tool-error-rate", "quality", "break-stream-rate", "seed", "stop-with-stdin",
    ];

    /// <summary>Returns these knobs with one turned.</summary>
    /// <exception cref="FormatException">The name is unknown or the value breaks the knob's rule.</exception>
    public Knobs With(string name, string value) => name switch
    {
        "version" => this with { Version = Text(name, value) },
        "port" => this with { Urls = string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{(int)Number(name, value, 0, 65535, whole: true)}") },
        "urls" => this with { Urls = Text(name, value) },
        "error-rate" => this with { ErrorRate = Rate(name, value) },
        "latency-median" => this with { LatencyMedian = Duration(name, value) },
        "latency-sigma" => this with { LatencySigma = Number(name, value, 0, 3) },
        "refusal-rate" => this with { RefusalRate = Rate(name, value) },
        "evasion-rate" => this with { EvasionRate = Rate(name, value) },
        "safety-rate" => this with { SafetyRate = Rate(name, value) },
        "tool-error-rate" => this with { ToolErrorRate = Rate(name, value) },
        "quality" => this with { Quality = Rate(name, value) },
        "break-stream-rate" => this with { BreakStreamRate = Rate(name, value) },
        "seed" => this with { Seed = (int)Number(name, value, int.MinValue, int.MaxValue, whole: true) },
        "stop-with-stdin" => this with { StopWithStdin = value is "true" or "1" },
        _ => throw new FormatException($"There is no option '--{name}'. Options: {string.Join(", ", Names.Select(n => "--" + n))}."),
    };

    private static string Text(string name, string value) =>
        value.Length > 0 ? value : throw new FormatException($"--{name} is empty; give it a value.");

    private static double Rate(string name, string value) => value.EndsWith('%')
        ? Number(name, value[..^1], 0, 100) / 100
        : Number(name, value, 0, 1);

    /// <summary>Reads 40ms, 1.5s or a bare number of milliseconds.</summary>
    private static TimeSpan Duration(string name, string value) => value switch
    {
        _ when value.EndsWith("ms", StringComparison.Ordinal) => TimeSpan.FromMilliseconds(Number(name, value[..^2], 0, 600_000)),
        _ when value.EndsWith('s') => TimeSpan.FromSeconds(Number(name, value[..^1], 0, 600)),
        _ => TimeSpan.FromMilliseconds(Number(name, value, 0, 600_000)),
    };

    private static double Number(string name, string value, double low, double high, bool whole = false) =>
        double.TryParse(value, NumberStyles.Float, CultureInfo.InvariantCulture, out var number)
            && number >= low && number <= high && (!whole || number == Math.Floor(number))
            ? number
            : throw new FormatException(string.Create(
                CultureInfo.InvariantCulture, $"--{name} is '{value}'; it has to be a {(whole ? "whole " : "")}number from {low} to {high}."));
}
