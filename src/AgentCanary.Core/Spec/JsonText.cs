using System.Buffers;
using System.Globalization;
using System.Text;
using System.Text.Json;

namespace AgentCanary.Spec;

/// <summary>
/// Writes a value of a file as JSON, by the core schema of YAML 1.2: text without quotes may be a number, a truth value or null.
/// </summary>
internal static class JsonText
{
    public static string Write(Place place)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(buffer, new() { SkipValidation = true })) Write(writer, place);
        return Encoding.UTF8.GetString(buffer.WrittenSpan);
    }

    private static void Write(Utf8JsonWriter writer, Place place)
    {
        switch (place.Node)
        {
            case SpecNode.Sequence:
                writer.WriteStartArray();
                foreach (var item in place.Items("")) Write(writer, item);
                writer.WriteEndArray();
                break;
            case SpecNode.Mapping:
                writer.WriteStartObject();
                foreach (var (name, value, _) in place.Section("")!.All)
                {
                    writer.WritePropertyName(name);
                    Write(writer, value);
                }
                writer.WriteEndObject();
                break;
            case SpecNode.Scalar scalar: Write(writer, place, scalar); break;
        }
    }

    private static void Write(Utf8JsonWriter writer, Place place, SpecNode.Scalar scalar)
    {
        var text = scalar.Text;
        if (!scalar.IsPlain) writer.WriteStringValue(text);
        else if (scalar.IsNothing) writer.WriteNullValue();
        else if (text is "true" or "True" or "TRUE" or "false" or "False" or "FALSE") writer.WriteBooleanValue(text[0] is 't' or 'T');
        else if (!LooksLikeNumber(text)) writer.WriteStringValue(text);
        else if (IsJsonNumber(text)) writer.WriteRawValue(text, skipInputValidation: true);
        else place.Fault($"{Quote.Of(text)} is not a finite JSON number: write a plain decimal, or put it in quotes as text");
    }

    private static bool LooksLikeNumber(string text)
    {
        var digits = text.AsSpan().TrimStart("+-");
        if (digits is ".inf" or ".Inf" or ".INF" or ".nan" or ".NaN" or ".NAN") return true;
        if (digits is ['0', 'x' or 'o', _, ..]) return true;
        return digits is [(>= '0' and <= '9') or '.', ..] && double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out _);
    }

    private static bool IsJsonNumber(string text)
    {
        var reader = new Utf8JsonReader(Encoding.UTF8.GetBytes(text));
        try
        {
            return reader.Read() && reader.TokenType == JsonTokenType.Number && reader.TryGetDouble(out var value)
                && double.IsFinite(value);
        }
        catch (JsonException)
        {
            return false;
        }
    }
}
