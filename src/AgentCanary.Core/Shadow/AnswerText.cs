using System.Buffers;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace AgentCanary.Shadow;

/// <summary>An answer as a judge or a person reads it: of a stream the text and the tools' calls that its pieces make, of JSON what is compared, else the text as it is. Pure and thread-safe; never throws.</summary>
public static class AnswerText
{
    private static readonly JsonDocumentOptions Strict = new() { MaxDepth = 64 };
    private static readonly JsonWriterOptions Readable = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>Makes the text.</summary>
    /// <param name="answer">The answer's body.</param>
    /// <param name="terms">What is not compared, and is left out here as well.</param>
    public static string Of(ReadOnlyMemory<byte> answer, AgreementTerms terms)
    {
        ArgumentNullException.ThrowIfNull(terms);
        return StreamText.Of(answer.Span)?.Text ?? OfJson(answer, terms) ?? Encoding.UTF8.GetString(answer.Span);
    }

    // Written anew, so that nothing hides behind an escape. Null where it is no JSON.
    private static string? OfJson(ReadOnlyMemory<byte> answer, AgreementTerms terms)
    {
        try
        {
            using var json = JsonDocument.Parse(answer, Strict);
            var bytes = new ArrayBufferWriter<byte>();
            using (var writer = new Utf8JsonWriter(bytes, Readable)) Copy(json.RootElement, writer, terms, "");
            return Encoding.UTF8.GetString(bytes.WrittenSpan);
        }
        catch (Exception fault) when (fault is JsonException or InvalidOperationException or ArgumentException)
        {
            return null;
        }
    }

    private static void Copy(JsonElement value, Utf8JsonWriter writer, AgreementTerms terms, string path)
    {
        if (value.ValueKind is JsonValueKind.Object)
        {
            writer.WriteStartObject();
            foreach (var member in value.EnumerateObject())
            {
                if (IgnoredMembers.Contains(terms, path, member.Name)) continue;
                writer.WritePropertyName(member.Name);
                Copy(member.Value, writer, terms, JsonSimilarity.PlaceOf(path, member.Name));
            }
            writer.WriteEndObject();
        }
        else if (value.ValueKind is JsonValueKind.Array)
        {
            writer.WriteStartArray();
            foreach (var item in value.EnumerateArray()) Copy(item, writer, terms, path);
            writer.WriteEndArray();
        }
        else
        {
            value.WriteTo(writer);
        }
    }
}
