using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace AgentCanary.Shadow;

/// <summary>What a judge is asked: which of two answers to one request is better. Who gave which it is not told. Immutable and thread-safe.</summary>
/// <param name="Request">The request, as text.</param>
/// <param name="A">The answer that stands first.</param>
/// <param name="B">The answer that stands second.</param>
public sealed record JudgeQuestion(string Request, string A, string B)
{
    private static readonly JsonWriterOptions Readable = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>Gets the same question in the other order.</summary>
    public JudgeQuestion Swapped => new(Request, B, A);

    /// <summary>Writes <c>{"request":…,"a":…,"b":…}</c>.</summary>
    public byte[] ToJson() => Write(writer =>
    {
        writer.WriteString("request", Request);
        writer.WriteString("a", A);
        writer.WriteString("b", B);
    });

    /// <summary>Writes the question as a call of an OpenAI-compatible chat endpoint.</summary>
    /// <param name="model">The model.</param>
    /// <param name="instruction">What is better, for this agent; null for <see cref="JudgePrompt.Instruction"/>.</param>
    public byte[] ToChatJson(string model, string? instruction) => Write(writer =>
    {
        writer.WriteString("model", model);
        writer.WriteStartArray("messages");
        WriteMessage(writer, "system", JudgePrompt.Of(instruction));
        WriteMessage(writer, "user", ToText());
        writer.WriteEndArray();
    });

    /// <summary>Writes the question as the message that a model is sent after <see cref="JudgePrompt.Of"/>: as JSON, so that no answer can end its own quotation.</summary>
    public string ToText() => Encoding.UTF8.GetString(ToJson());

    private static void WriteMessage(Utf8JsonWriter writer, string role, string content)
    {
        writer.WriteStartObject();
        writer.WriteString("role", role);
        writer.WriteString("content", content);
        writer.WriteEndObject();
    }

    private static byte[] Write(Action<Utf8JsonWriter> members)
    {
        using var stream = new MemoryStream();
        using (var writer = new Utf8JsonWriter(stream, Readable))
        {
            writer.WriteStartObject();
            members(writer);
            writer.WriteEndObject();
        }
        return stream.ToArray();
    }
}
