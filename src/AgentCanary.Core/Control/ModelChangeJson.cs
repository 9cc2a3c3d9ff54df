using System.Text.Json;

namespace AgentCanary.Control;

/// <summary>The change of a version's model in stored JSON.</summary>
internal static class ModelChangeJson
{
    public static void Write(Utf8JsonWriter writer, ModelChange change)
    {
        writer.WriteString("version", change.Version);
        writer.WriteString("from", change.From);
        writer.WriteString("to", change.To);
    }

    public static ModelChange Read(JsonFields fields) => new(fields.Text("version"), fields.Text("from"), fields.Text("to"));
}
