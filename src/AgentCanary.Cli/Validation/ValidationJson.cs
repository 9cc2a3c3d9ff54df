using System.Buffers;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using AgentCanary.Spec;

namespace AgentCanary.Cli.Validation;

/// <summary>Writes the verdict on files as one JSON document: <c>valid</c>, <c>rollouts</c>, <c>faults</c>.</summary>
internal static class ValidationJson
{
    // As the API writes: the document goes to a terminal or a file, never into a page.
    private static readonly JsonWriterOptions Options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static string Write(SpecResult result)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(buffer, Options))
        {
            writer.WriteStartObject();
            writer.WriteBoolean("valid", result.IsValid);
            writer.WriteStartArray("rollouts");
            foreach (var spec in result.Specs) Write(writer, spec);
            writer.WriteEndArray();
            writer.WriteStartArray("faults");
            foreach (var fault in result.Faults) Write(writer, fault);
            writer.WriteEndArray();
            writer.WriteEndObject();
        }
        return Encoding.UTF8.GetString(buffer.WrittenSpan);
    }

    private static void Write(Utf8JsonWriter writer, RolloutSpec spec)
    {
        writer.WriteStartObject();
        writer.WriteString("agent", spec.Agent);
        writer.WriteString("stable", spec.Stable.Version);
        writer.WriteString("canary", spec.Canary.Version);
        writer.WriteStartArray("stages");
        foreach (var stage in spec.Stages) Write(writer, stage);
        writer.WriteEndArray();
        writer.WriteStartArray("warnings");
        foreach (var warning in SpecWarnings.Of(spec)) writer.WriteStringValue(warning);
        writer.WriteEndArray();
        writer.WriteEndObject();
    }

    private static void Write(Utf8JsonWriter writer, Stage stage)
    {
        writer.WriteStartObject();
        writer.WriteString("name", stage.Name);
        writer.WriteNumber("weight_bp", stage.Weight.BasisPoints);
        writer.WriteNumber("bake_seconds", stage.BakeTime.TotalSeconds);
        writer.WriteNumber("min_requests", stage.MinRequests);
        writer.WriteStartArray("checks");
        foreach (var check in stage.Checks.IsDefault ? Stage.DefaultChecks : stage.Checks) writer.WriteStringValue(check.Text);
        writer.WriteEndArray();
        writer.WriteEndObject();
    }

    private static void Write(Utf8JsonWriter writer, SpecFault fault)
    {
        writer.WriteStartObject();
        writer.WriteString("file", fault.File);
        writer.WriteNumber("line", fault.Line);
        writer.WriteNumber("column", fault.Column);
        writer.WriteString("path", fault.Path);
        writer.WriteString("message", fault.Message);
        writer.WriteEndObject();
    }
}
