using System.Text;
using System.Text.Json;

namespace AgentCanary.Server.Gateway;

/// <summary>Finds one field in a JSON text without building it. Of repeated fields the first counts.</summary>
internal static class JsonField
{
    /// <summary>Finds a string or a number, the number as it was written; null where there is none, or the text is not JSON up to there.</summary>
    public static string? Find(ReadOnlySpan<byte> json, ReadOnlySpan<string> path)
    {
        try
        {
            var reader = new Utf8JsonReader(json);
            if (!reader.Read() || reader.TokenType != JsonTokenType.StartObject) return null;
            foreach (var name in path)
                if (!TryEnter(ref reader, name))
                    return null;
            return reader.TokenType switch
            {
                JsonTokenType.String => reader.GetString(),
                JsonTokenType.Number => Encoding.UTF8.GetString(reader.ValueSpan),
                _ => null,
            };
        }
        catch (Exception fault) when (fault is JsonException or InvalidOperationException)
        {
            return null; // not JSON, or a string of broken UTF-16: no key
        }
    }

    private static bool TryEnter(ref Utf8JsonReader reader, string name)
    {
        if (reader.TokenType != JsonTokenType.StartObject) return false;
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var isIt = reader.ValueTextEquals(name);
            if (!reader.Read()) return false;
            if (isIt) return true;
            reader.Skip();
        }

        return false;
    }
}
