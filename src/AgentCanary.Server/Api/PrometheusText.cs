using System.Collections.Immutable;
using System.Globalization;
using System.Text;

namespace AgentCanary.Server.Api;

/// <summary>Writes the Prometheus text format, version 0.0.4. Not thread-safe.</summary>
internal sealed class PrometheusText
{
    private readonly StringBuilder _text = new();
    private string _name = "";

    /// <summary>Begins a metric: the samples that follow belong to it.</summary>
    public void Begin(string name, string type, string help)
    {
        _name = name;
        _text.Append("# HELP ").Append(name).Append(' ').Append(help).Append('\n').Append("# TYPE ").Append(name).Append(' ').Append(type).Append('\n');
    }

    /// <summary>Writes one sample.</summary>
    /// <param name="suffix">What follows the metric's name, such as <c>_sum</c>; mostly empty.</param>
    /// <param name="labels">The labels, in order.</param>
    /// <param name="value">The value.</param>
    public void Sample(string suffix, (string Name, string Value)[] labels, double value)
    {
        _text.Append(_name).Append(suffix);
        for (var i = 0; i < labels.Length; i++) _text.Append(i == 0 ? '{' : ',').Append(labels[i].Name).Append("=\"").Append(Escape(labels[i].Value)).Append('"');
        _text.Append(labels.Length == 0 ? " " : "} ").Append(value.ToString("R", CultureInfo.InvariantCulture)).Append('\n');
    }

    /// <summary>Writes a histogram with cumulated buckets. Count is the last bucket, so that the two never disagree.</summary>
    public void Histogram((string Name, string Value)[] labels, ImmutableArray<double> bounds, Func<int, long> countInBucket, double sum)
    {
        var count = 0L;
        for (var bucket = 0; bucket <= bounds.Length; bucket++)
        {
            count += countInBucket(bucket);
            Sample("_bucket", [.. labels, ("le", bucket == bounds.Length ? "+Inf" : bounds[bucket].ToString("R", CultureInfo.InvariantCulture))], count);
        }
        Sample("_sum", labels, sum);
        Sample("_count", labels, count);
    }

    public override string ToString() => _text.ToString();

    private static string Escape(string value) => value.Replace("\\", @"\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal).Replace("\n", @"\n", StringComparison.Ordinal);
}
