using System.Text.Json;
using AgentCanary.Metrics;

namespace AgentCanary.Planning;

/// <summary>Writes one line of a trace, which <see cref="TraceReader"/> reads back to the same outcome. Thread-safe.</summary>
public static class TraceLineWriter
{
    /// <summary>Writes one outcome as a JSON object, without the end of the line.</summary>
    /// <param name="json">Where to.</param>
    /// <param name="agent">The agent's name.</param>
    /// <param name="at">When the request started, from the trace's beginning; what is negative counts as 0.</param>
    /// <param name="arm">Who served it.</param>
    /// <param name="key">Its sticky key, hashed where it must not be known; or null.</param>
    /// <param name="outcome">How it ended. A latency above <see cref="Trace.LongestLatency"/> is written as that.</param>
    /// <returns>False where nothing was written: a figure of the outcome is impossible, so that it is no evidence either, or the time is later than a trace may have.</returns>
    public static bool TryWrite(Utf8JsonWriter json, string agent, TimeSpan at, Arm arm, string? key, in Outcome outcome)
    {
        ArgumentNullException.ThrowIfNull(json);
        if (!OutcomeLimits.Allow(outcome) || at > Trace.LatestStart) return false;
        json.WriteStartObject();
        // Decimal keeps every tick; the shortest form of a double would not.
        json.WriteNumber(Name(TraceFields.At), Math.Max(0, at.Ticks) / (decimal)TimeSpan.TicksPerSecond);
        json.WriteString(Name(TraceFields.Agent), agent);
        json.WriteString(Name(TraceFields.Arm), arm.WireName);
        if (key is not null) json.WriteString(Name(TraceFields.Key), key);
        json.WriteString(Name(TraceFields.Class), outcome.Class.WireName);
        if (outcome.Latency is { } latency) json.WriteNumber(Name(TraceFields.Latency), Milliseconds(latency));
        if (outcome.FirstContent is { } firstContent) json.WriteNumber(Name(TraceFields.FirstContent), Milliseconds(firstContent));
        if (outcome.Tokens is { } tokens) json.WriteNumber(Name(TraceFields.Tokens), tokens);
        if (outcome.Cost is { } cost) json.WriteNumber(Name(TraceFields.Cost), cost);
        if (outcome.Model is { Length: > 0 and <= Trace.LongestModel } model) json.WriteString(Name(TraceFields.Model), model);
        if (outcome.SafetyViolations > 0) json.WriteNumber(Name(TraceFields.Safety), outcome.SafetyViolations);
        if (!outcome.Scores.IsDefaultOrEmpty) WriteScores(json, outcome);
        json.WriteEndObject();
        return true;
    }

    private static JsonEncodedText Name(TraceFields field) => TraceFieldNames.NameOf(field);

    private static decimal Milliseconds(TimeSpan time) => Math.Min(time.Ticks, Trace.LongestLatency.Ticks) / (decimal)TimeSpan.TicksPerMillisecond;

    private static void WriteScores(Utf8JsonWriter json, in Outcome outcome)
    {
        json.WriteStartObject(Name(TraceFields.Scores));
        foreach (var score in outcome.Scores) json.WriteNumber(score.Name, score.Value);
        json.WriteEndObject();
    }
}
