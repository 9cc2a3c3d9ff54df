using System.Text.Json;

namespace AgentCanary.Planning;

/// <summary>The names of a trace's fields: a contract with other programs.</summary>
internal static class TraceFieldNames
{
    private static readonly (JsonEncodedText Name, TraceFields Field)[] Names =
    [
        .. new (string Name, TraceFields Field)[]
        {
            ("t", TraceFields.At), ("agent", TraceFields.Agent), ("arm", TraceFields.Arm), ("key", TraceFields.Key), ("class", TraceFields.Class), ("latency_ms", TraceFields.Latency),
            ("ttft_ms", TraceFields.FirstContent), ("tokens", TraceFields.Tokens), ("cost", TraceFields.Cost), ("model", TraceFields.Model), ("safety", TraceFields.Safety), ("scores", TraceFields.Scores),
        }.Select(field => (JsonEncodedText.Encode(field.Name), field.Field)),
    ];

    /// <summary>Finds the field that a property name means; none for an unknown one.</summary>
    public static TraceFields Find(ref Utf8JsonReader json)
    {
        foreach (var (name, field) in Names)
        {
            if (json.ValueTextEquals(name.EncodedUtf8Bytes)) return field;
        }
        return TraceFields.None;
    }

    /// <summary>Gets the name of a single field.</summary>
    public static JsonEncodedText NameOf(TraceFields field) => Array.Find(Names, known => known.Field == field).Name;
}
