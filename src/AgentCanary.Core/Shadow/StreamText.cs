using System.Text;
using System.Text.Json;

namespace AgentCanary.Shadow;

/// <summary>The text of an event stream, as agents send it in pieces: what stands under <c>content</c>, <c>text</c> and <c>delta</c> in its JSON. Pure and thread-safe.</summary>
internal static class StreamText
{
    /// <summary>Reads the text; null where the bytes are no event stream.</summary>
    public static string? Of(ReadOnlySpan<byte> bytes)
    {
        if (!bytes.StartsWith("data:"u8) && !bytes.StartsWith("event:"u8) && !bytes.StartsWith(":"u8) && !bytes.StartsWith("id:"u8)) return null;
        var text = new StringBuilder();
        foreach (var line in Encoding.UTF8.GetString(bytes).EnumerateLines())
        {
            if (line.StartsWith("data:", StringComparison.Ordinal)) Add(line[5..].Trim().ToString(), text);
        }
        return text.ToString();
    }

    private static void Add(string data, StringBuilder text)
    {
        try
        {
            using var json = JsonDocument.Parse(data);
            Add(json.RootElement, isText: false, text);
        }
        catch (JsonException)
        {
            if (data != "[DONE]") text.Append(data).Append(' ');
        }
        catch (InvalidOperationException)
        {
            // A string of half a character is left out.
        }
    }

    private static void Add(JsonElement value, bool isText, StringBuilder text)
    {
        if (value.ValueKind is JsonValueKind.String && isText) text.Append(value.GetString());
        else if (value.ValueKind is JsonValueKind.Array) foreach (var item in value.EnumerateArray()) Add(item, isText, text);
        else if (value.ValueKind is JsonValueKind.Object) foreach (var member in value.EnumerateObject()) Add(member.Value, member.Name is "content" or "text" or "delta", text);
    }
}
