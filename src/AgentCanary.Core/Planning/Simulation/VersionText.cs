using System.Collections.Immutable;
using System.Globalization;
using AgentCanary.Spec;

namespace AgentCanary.Planning.Simulation;

/// <summary>
/// One list of a made world: figures such as <c>error_rate=0.01</c> or <c>score.quality=0.8~0.12</c> (mean and standard deviation), and what befalls them: <c>failure_latency=1s</c>,
/// <c>drift=0.5%..8%/2h</c>, <c>wave=0.5%..2.5%/24h</c>, <c>incident=20%@1h+10m</c>, <c>late=25m</c>, <c>share=1.2</c>, <c>icc=0.05</c>.
/// </summary>
internal sealed class VersionText
{
    private static readonly TimeSpan Longest = TimeSpan.FromDays(365);
    private readonly List<string> _figures = [];
    private readonly List<string> _faults = [];
    private readonly HashSet<string> _given = [];

    /// <summary>Reads a list.</summary>
    /// <param name="option">The option that it belongs to, for messages.</param>
    /// <param name="text">The list, or nothing.</param>
    public VersionText(string option, string text)
    {
        Option = option;
        foreach (var item in text.Length == 0 ? [] : text.Split(',', StringSplitOptions.TrimEntries)) Read(item);
        if (_figures.Count == 0) return;
        var (figures, faults) = Baseline.Parse(string.Join(',', _figures));
        _faults.AddRange(faults.Select(fault => $"{option}: {fault}"));
        Figures = figures ?? Baseline.Assumed;
        _faults.AddRange(SpreadFaults());
    }

    /// <summary>Gets the option that the list belongs to.</summary>
    public string Option { get; }

    public Baseline Figures { get; } = Baseline.Assumed;

    /// <summary>Gets the standard deviations that were given, by metric.</summary>
    public Dictionary<string, double> Deviations { get; } = [];

    public List<RatePath> Paths { get; } = [];

    public List<Incident> Incidents { get; } = [];

    public double? FailureLatency { get; private set; }

    public double? Late { get; private set; }

    public double? Share { get; private set; }

    public double? Clustering { get; private set; }

    public IReadOnlyList<string> Faults => _faults;

    private void Read(string item)
    {
        var parts = item.Split('=', 2, StringSplitOptions.TrimEntries);
        var value = parts.Length == 2 ? parts[1] : "";
        Action<string>? read = parts[0] switch
        {
            "drift" or "wave" => text => ReadPath(parts[0], text),
            "incident" => ReadIncident,
            "failure_latency" => text => FailureLatency = Time(parts[0], text, TimeSpan.FromMilliseconds(1))?.TotalMilliseconds,
            "late" when Option == "--canary" => text => Late = Time(parts[0], text, TimeSpan.Zero)?.TotalSeconds,
            "share" when Option == "--canary" => text => Share = Number(parts[0], text, 0.01, 100, "how much of its weight the canary really gets, such as 1.2"),
            "icc" when Option == "--both" => text => Clustering = Number(parts[0], text, 1e-6, 0.99, "an intraclass correlation above 0 and below 1, such as 0.05"),
            "late" or "share" => _ => Fault($"{parts[0]} is the canary's: write it in --canary"),
            "icc" => _ => Fault("icc is of all users: write it in --both"),
            _ => null,
        };
        if (read is null) ReadFigure(parts[0], item, value);
        else if (parts[0] != "incident" && !_given.Add(parts[0])) Fault($"{parts[0]} is given twice: write it once");
        else read(value);
    }

    private void ReadFigure(string name, string item, string value)
    {
        var at = value.IndexOf('~', StringComparison.Ordinal);
        _figures.Add(at < 0 ? item : $"{name}={value[..at]}");
        if (name == "mean_latency") Fault("mean_latency follows from the percentiles: give p50_latency and p95_latency");
        if (name == "shadow_agreement") Fault("shadow_agreement cannot be simulated yet: leave it out");
        if (at < 0) return;
        if (!Metric.TryParse(name, out var metric)) return; // told as a figure
        if (metric.IsRate || metric.Kind is not (MetricKind.Score or MetricKind.TokensPerRequest or MetricKind.CostPerRequest))
            Fault($"{name} has no spread of its own: write {name}={Quote.Plain(value[..at])}");
        else if (Number($"the spread of {name}", value[(at + 1)..], 0, 1e9, "a standard deviation of 0 or more, such as 0.12") is { } deviation) Deviations[name] = deviation;
    }

    private void ReadPath(string name, string text)
    {
        var parts = text.Split('/', 2);
        var rates = parts[0].Split("..", 2);
        if (parts.Length < 2 || rates.Length < 2)
        {
            Fault($"{name} is {Quote.Of(text)}: write FROM..TO/TIME, such as {name}=0.5%..2.5%/24h");
            return;
        }
        // A per cent sign at the end is meant for both.
        if (rates[1].TrimEnd().EndsWith('%') && !rates[0].TrimEnd().EndsWith('%')) rates[0] += "%";
        var (from, to) = (Rate($"{name}'s first rate", rates[0]), Rate($"{name}'s second rate", rates[1]));
        var time = Time($"{name}'s time", parts[1], TimeSpan.FromSeconds(1));
        if (from is { } first && to is { } second && time is { } length) Paths.Add(new(name == "wave", first, second, length.TotalSeconds));
    }

    private void ReadIncident(string text)
    {
        var at = text.Split('@', 2);
        var times = at[^1].Split('+', 2);
        if (at.Length < 2 || times.Length < 2)
        {
            Fault($"incident is {Quote.Of(text)}: write SHARE@START+LENGTH, such as incident=20%@1h+10m");
            return;
        }
        var share = Rate("incident's share", at[0], most: 1);
        var (start, length) = (Time("incident's start", times[0], TimeSpan.Zero), Time("incident's length", times[1], TimeSpan.FromSeconds(1)));
        if (share is { } extra && start is { } begin && length is { } lasts) Incidents.Add(new(extra, begin.TotalSeconds, lasts.TotalSeconds));
    }

    private IEnumerable<string> SpreadFaults()
    {
        foreach (var (name, deviation) in Deviations)
        {
            if (!Metric.TryParse(name, out var metric) || metric.Kind is not MetricKind.Score || Figures.Given(name) is not { } mean || deviation < MadeScore.MostDeviation(mean)) continue;
            yield return string.Create(CultureInfo.InvariantCulture, $"{Option}: {name} cannot scatter by {deviation} about {mean}: write less than {MadeScore.MostDeviation(mean):0.##}");
        }
    }

    private double? Rate(string name, string text, double most = 0.999_999)
    {
        text = text.Trim();
        var scale = text.EndsWith('%') ? 0.01 : 1;
        return Number(name, text.TrimEnd('%'), 1e-6 / scale, most / scale, "a share above 0 and " + (most < 1 ? "below 1" : "at most 1") + ", such as 0.02 or 2%", text) * scale;
    }

    private double? Number(string name, string text, double least, double most, string wanted, string? shown = null)
    {
        if (double.TryParse(text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var number) && number >= least && number <= most) return number;
        Fault($"{name} is {Quote.Of(shown ?? text)}: write {wanted}");
        return null;
    }

    private TimeSpan? Time(string name, string text, TimeSpan least)
    {
        if (DurationText.TryParse(text.Trim(), least, Longest, out var time, out var fault)) return time;
        Fault($"{name}: {fault}");
        return null;
    }

    private void Fault(string fault) => _faults.Add($"{Option}: {fault}");
}
