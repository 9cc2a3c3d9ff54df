using System.Globalization;
using System.Text;

namespace AgentCanary.Protocols;

/// <summary>What is read in an exchange. The span in which content began is compared by <see cref="Agrees"/>, all else by value.</summary>
internal sealed record Facts(
    string Class, string Seen, string? Model, long? InputTokens, long? OutputTokens, long? CachedTokens, long? CacheWriteTokens, int ToolFailures, string Ids,
    string? Key, string? AskedModel, bool Streams, string Names, bool IsRead)
{
    private static readonly string[] Known =
        ["class", "seen", "model", "input_tokens", "output_tokens", "cached_tokens", "cache_write_tokens", "tool_failures", "ids", "key", "asked_model", "streams", "names",
            "is_read", "content"];

    /// <summary>Gets the first byte of the span in which content began, or -1.</summary>
    public int ContentFrom { get; init; } = -1;

    /// <summary>Gets the end of the span in which content began, or -1.</summary>
    public int ContentTo { get; init; } = -1;

    public static Facts Of(AnswerReader reader, AnswerEnd end, int contentFrom, int contentTo, in RequestReading request)
    {
        var reading = reader.End(end);
        if (!reading.HasContent) (contentFrom, contentTo) = (-1, -1);
        var seen = Enum.GetValues<OutcomeClass>().Where(reading.Seen.Has).Select(one => one.WireName).Order(StringComparer.Ordinal);
        return new(reading.Class.WireName, string.Join(", ", seen), reading.Model, reading.InputTokens, reading.OutputTokens, reading.CachedTokens, reading.CacheWriteTokens,
            reading.ToolFailures, Write(reader.Ids), request.Key, request.Model, request.Streams, Write(request.Ids), request.IsRead)
        { ContentFrom = contentFrom, ContentTo = contentTo };
    }

    public static Facts Parse(string name, string text, byte[] body)
    {
        var facts = text.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => line.Split(": ", 2)).ToDictionary(parts => parts[0], parts => parts[1]);
        Assert.True(!facts.Keys.Except(Known).Any(), $"{name} names facts that nobody knows: {string.Join(", ", facts.Keys.Except(Known))}");
        var outcomeClass = facts["class"];
        var content = facts.GetValueOrDefault("content") is { } first ? body.AsSpan().IndexOf(Encoding.UTF8.GetBytes(first)) : -1;
        Assert.True(content >= 0 || !facts.ContainsKey("content"), $"{name} has no content that begins so");
        return new(outcomeClass, facts.GetValueOrDefault("seen") ?? (outcomeClass == "ok" ? "" : outcomeClass), facts.GetValueOrDefault("model"),
            Number("input_tokens"), Number("output_tokens"), Number("cached_tokens"), Number("cache_write_tokens"), (int)(Number("tool_failures") ?? 0), facts.GetValueOrDefault("ids") ?? "",
            facts.GetValueOrDefault("key"), facts.GetValueOrDefault("asked_model"), facts.GetValueOrDefault("streams") == "true", facts.GetValueOrDefault("names") ?? "", facts.GetValueOrDefault("is_read") == "true")
        { ContentFrom = content, ContentTo = content < 0 ? -1 : content + 1 };

        long? Number(string fact) => facts.TryGetValue(fact, out var value) ? long.Parse(value, CultureInfo.InvariantCulture) : null;
    }

    /// <summary>Tells whether what was read in larger pieces is the same as this, which was read in smaller ones.</summary>
    public void Agrees(Facts larger, string what)
    {
        var spans = this with { ContentFrom = larger.ContentFrom, ContentTo = larger.ContentTo };
        Assert.True(spans == larger, $"{what}: {larger} instead of {this}");
        var lies = ContentFrom < 0 ? larger.ContentFrom < 0 : larger.ContentFrom <= ContentFrom && ContentFrom < larger.ContentTo;
        Assert.True(lies, $"{what}: content began in [{larger.ContentFrom}, {larger.ContentTo}) instead of at {ContentFrom}");
    }

    private static string Write(IEnumerable<MintedId> ids) => string.Join(", ", ids.Select(id => $"{id.Kind.ToString().ToLowerInvariant()}:{id.Value}"));
}
