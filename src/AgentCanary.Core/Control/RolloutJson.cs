using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;
using AgentCanary.Spec;

namespace AgentCanary.Control;

/// <summary>
/// Rollouts as canonical JSON in UTF-8: equal values have equal bytes, on every machine. Shares are basis points, durations seconds, salts hexadecimal,
/// times UTC, enums names of their own. Reading ignores unknown fields, and gives absent ones the value they had before they existed. Thread-safe.
/// Text that is no valid Unicode is kept with replacement characters.
/// </summary>
public static class RolloutJson
{
    /// <summary>The version of the form. It rises only when an older reader would misunderstand what is written; a field that may be ignored does not raise it.</summary>
    public const int Version = 1;

    // The relaxed encoder keeps reasons readable where people look into the file; nothing here is put into a page as it stands.
    private static readonly JsonWriterOptions Canonical = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, Indented = false };

    private static readonly JsonDocumentOptions Strict = new() { AllowDuplicateProperties = false };

    /// <summary>Writes a state.</summary>
    public static byte[] Write(RolloutState state) => Write(state, StateJson.Write);

    /// <summary>Writes a spec.</summary>
    public static byte[] Write(RolloutSpec spec) => Write(spec, SpecJson.Write);

    /// <summary>Writes an event without its hash, which is made over these bytes.</summary>
    public static byte[] Write(RolloutEvent @event) => Write(@event, EventJson.Write);

    /// <summary>Reads a state.</summary>
    /// <exception cref="FormatException">The bytes are no state, or of a newer version.</exception>
    public static RolloutState ReadState(ReadOnlyMemory<byte> json) => Read(json, "state", StateJson.Read);

    /// <summary>Reads a spec.</summary>
    /// <exception cref="FormatException">The bytes are no spec, or of a newer version.</exception>
    public static RolloutSpec ReadSpec(ReadOnlyMemory<byte> json) => Read(json, "spec", SpecJson.Read);

    /// <summary>Reads an event; its hash is empty.</summary>
    /// <exception cref="FormatException">The bytes are no event, or of a newer version.</exception>
    public static RolloutEvent ReadEvent(ReadOnlyMemory<byte> json) => Read(json, "event", EventJson.Read);

    /// <summary>Tells whether two specs say the same, whatever file or form they came from.</summary>
    public static bool SameTerms(RolloutSpec left, RolloutSpec right) => Write(left).AsSpan().SequenceEqual(Write(right));

    private static byte[] Write<T>(T value, Action<Utf8JsonWriter, T> write)
        where T : class
    {
        ArgumentNullException.ThrowIfNull(value);
        var bytes = new ArrayBufferWriter<byte>(1024);
        using (var writer = new Utf8JsonWriter(bytes, Canonical))
        {
            writer.WriteStartObject();
            writer.WriteNumber("v", Version);
            write(writer, value);
            writer.WriteEndObject();
        }
        return bytes.WrittenSpan.ToArray();
    }

    private static T Read<T>(ReadOnlyMemory<byte> json, string path, Func<JsonFields, T> read)
    {
        try
        {
            using var document = JsonDocument.Parse(json, Strict);
            var fields = new JsonFields(document.RootElement, path);
            if (fields.Int("v") is var version and (< 1 or > Version))
                throw new FormatException($"'{path}' is of form {version}, and this version reads up to {Version}: use the version that wrote it, or a later one.");
            return read(fields);
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException)
        {
            throw new FormatException($"'{path}' is no JSON of ours: the record was changed or cut.", exception);
        }
    }
}
