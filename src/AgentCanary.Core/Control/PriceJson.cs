using System.Text.Json;

namespace AgentCanary.Control;

/// <summary>The price of a model in stored JSON.</summary>
internal static class PriceJson
{
    public static void Write(Utf8JsonWriter writer, ModelPrice price)
    {
        writer.WriteString("model", price.Model);
        writer.Number("input", price.Input);
        writer.Number("output", price.Output);
        writer.Number("cached", price.Cached);
        writer.Number("cache_write", price.CacheWrite);
    }

    public static ModelPrice Read(JsonFields fields) =>
        new(fields.Text("model"), fields.Number("input"), fields.Number("output"), fields.Number("cached"), fields.Number("cache_write"));
}
