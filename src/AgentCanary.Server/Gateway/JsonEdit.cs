using System.Buffers;
using System.Collections.Immutable;
using System.Text.Json;

namespace AgentCanary.Server.Gateway;

/// <summary>Sets top-level fields of a JSON object and leaves every other byte of its values as it was.</summary>
internal static class JsonEdit
{
    /// <summary>Sets the fields.</summary>
    /// <param name="json">The body.</param>
    /// <param name="fields">The fields, each value as JSON text.</param>
    /// <returns>The new body, or null where the text is not one JSON object.</returns>
    public static byte[]? TrySet(ReadOnlySpan<byte> json, ImmutableSortedDictionary<string, string> fields)
    {
        try
        {
            var buffer = new ArrayBufferWriter<byte>(json.Length + 256);
            using (var writer = new Utf8JsonWriter(buffer, new() { SkipValidation = true }))
                if (!TryCopy(json, fields, writer))
                    return null;
            return buffer.WrittenSpan.ToArray();
        }
        catch (Exception fault) when (fault is JsonException or InvalidOperationException)
        {
            return null;
        }
    }

    private static bool TryCopy(ReadOnlySpan<byte> json, ImmutableSortedDictionary<string, string> fields, Utf8JsonWriter writer)
    {
        var reader = new Utf8JsonReader(json);
        if (!reader.Read() || reader.TokenType != JsonTokenType.StartObject) return false;
        writer.WriteStartObject();
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var name = reader.GetString()!;
            reader.Read();
            var start = (int)reader.TokenStartIndex;
            reader.Skip();
            if (fields.ContainsKey(name)) continue;
            writer.WritePropertyName(name);
            writer.WriteRawValue(json[start..(int)reader.BytesConsumed], skipInputValidation: true);
        }

        foreach (var (name, value) in fields)
        {
            writer.WritePropertyName(name);
            writer.WriteRawValue(value);
        }

        writer.WriteEndObject();
        return !reader.Read();
    }
}
