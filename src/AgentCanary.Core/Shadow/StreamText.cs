using System.Text;
using System.Text.Json;

namespace AgentCanary.Shadow;

/// <summary>What an event stream says, as agents send it in pieces. Immutable and thread-safe.</summary>
/// <param name="Text">What stands under <c>content</c>, <c>text</c> and <c>delta</c> in its JSON, and of calls of tools what stands under <c>name</c>, <c>arguments</c>, <c>partial_json</c> and <c>input</c>.</param>
/// <param name="Names">The names in it, of tools mostly.</param>
internal sealed record StreamText(string Text, string Names)
{
    private static readonly string[] Fields = ["data:", "event:", "id:", "retry:", ":"];

    /// <summary>Reads a stream; null where the bytes are none, or nothing in them is known to be what an agent says.</summary>
    public static StreamText? Of(ReadOnlySpan<byte> bytes)
    {
        if (bytes.IsEmpty || !"deir:"u8.Contains(bytes[0])) return null;
        var (text, names) = (new StringBuilder(), new StringBuilder());
        var lines = Encoding.UTF8.GetString(bytes);
        foreach (var range in lines.AsSpan().SplitAny('\r', '\n'))
        {
            var line = lines.AsSpan(range);
            // Text for people may begin like a stream: in a stream, every line is a field of one.
            if (!line.IsEmpty && !IsField(line)) return null;
            if (line.StartsWith("data:", StringComparison.Ordinal)) Add(line[5..].Trim().ToString(), text, names);
        }
        return text.Length == 0 ? null : new(text.ToString(), names.ToString());
    }

    private static bool IsField(ReadOnlySpan<char> line)
    {
        foreach (var field in Fields)
        {
            if (line.StartsWith(field, StringComparison.Ordinal)) return true;
        }
        return false;
    }

    private static void Add(string data, StringBuilder text, StringBuilder names)
    {
        try
        {
            using var json = JsonDocument.Parse(data);
            if (json.RootElement.ValueKind is JsonValueKind.Object or JsonValueKind.Array) Add(json.RootElement, "", text, names);
            else text.Append(data).Append(' ');
        }
        catch (JsonException)
        {
            if (data.Length > 0 && data != "[DONE]") text.Append(data).Append(' ');
        }
        catch (InvalidOperationException)
        {
            // A string of half a character is left out.
        }
    }

    private static void Add(JsonElement value, string name, StringBuilder text, StringBuilder names)
    {
        if (name is "arguments" or "input" && value.ValueKind is JsonValueKind.Object) text.Append(value.GetRawText());
        else if (value.ValueKind is JsonValueKind.Array) foreach (var item in value.EnumerateArray()) Add(item, name, text, names);
        else if (value.ValueKind is JsonValueKind.Object) foreach (var member in value.EnumerateObject()) Add(member.Value, member.Name, text, names);
        else if (value.ValueKind is JsonValueKind.String && value.GetString() is { Length: > 0 } said) Add(said, name, text, names);
    }

    private static void Add(string said, string name, StringBuilder text, StringBuilder names)
    {
        if (name is "content" or "text" or "delta" or "arguments" or "partial_json" or "input") text.Append(said);
        if (name is not ("name" or "toolCallName")) return;
        text.Append(' ').Append(said).Append(' ');
        names.Append(said).Append(' ');
    }
}
