using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json;

namespace AgentCanary.Control;

/// <summary>The fields of one stored JSON object, read strictly by type and leniently by presence: unknown ones are ignored, absent ones have a fallback.</summary>
internal readonly struct JsonFields(JsonElement element, string path)
{
    private readonly JsonElement _element = element.ValueKind is JsonValueKind.Object ? element
        : throw new FormatException($"'{path}' is {element.ValueKind}, not an object: the record was changed or cut.");

    public string Text(string name) => TextOrNull(name) ?? throw Missing(name);

    public string Text(string name, string fallback) => TextOrNull(name) ?? fallback;

    public string? TextOrNull(string name) => Find(name) is { } found ? Text(found, name) : null;

    public bool Flag(string name, bool fallback) => Find(name) is not { } found ? fallback
        : found.ValueKind is JsonValueKind.True or JsonValueKind.False ? found.GetBoolean() : throw Wrong(name, "true or false");

    public long Long(string name, long fallback) => Find(name) is not { } found ? fallback
        : found.ValueKind is JsonValueKind.Number && found.TryGetInt64(out var value) ? value : throw Wrong(name, "a whole number");

    public long Long(string name) => Find(name) is null ? throw Missing(name) : Long(name, 0);

    public int Int(string name) => Find(name) is null ? throw Missing(name) : Int(name, 0);

    public int Int(string name, int fallback) =>
        Long(name, fallback) is >= int.MinValue and <= int.MaxValue and var value ? (int)value : throw Wrong(name, "a whole number of 32 bits");

    public double Number(string name) => NumberOrNull(name) ?? throw Missing(name);

    public double Number(string name, double fallback) => NumberOrNull(name) ?? fallback;

    // JSON has no non-finite numbers: those stand as text.
    public double? NumberOrNull(string name) => Find(name) is not { } found ? null : found.ValueKind switch
    {
        JsonValueKind.Number => found.GetDouble(),
        JsonValueKind.String when found.GetString() is "NaN" => double.NaN,
        JsonValueKind.String when found.GetString() is "Infinity" => double.PositiveInfinity,
        JsonValueKind.String when found.GetString() is "-Infinity" => double.NegativeInfinity,
        _ => throw Wrong(name, "a number"),
    };

    public TimeSpan Seconds(string name, TimeSpan fallback) => SecondsOrNull(name) ?? fallback;

    public TimeSpan? SecondsOrNull(string name)
    {
        if (Find(name) is not { } found) return null;
        if (found.ValueKind is not JsonValueKind.Number || !found.TryGetDecimal(out var seconds)) throw Wrong(name, "a number of seconds");
        if (Math.Abs(seconds) > (decimal)TimeSpan.MaxValue.TotalDays * 86_400) throw Wrong(name, "a duration");
        return new TimeSpan(decimal.ToInt64(seconds * TimeSpan.TicksPerSecond));
    }

    public Weight Weight(string name) => Find(name) is null ? throw Missing(name) : Weight(name, default);

    public Weight Weight(string name, Weight fallback) =>
        Int(name, fallback.BasisPoints) is >= 0 and <= AgentCanary.Weight.Scale and var value ? new(value)
            : throw Wrong(name, "a weight of 0 to 10000 basis points");

    public DateTimeOffset Instant(string name) =>
        DateTimeOffset.TryParse(Text(name), CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out var value)
            ? value : throw Wrong(name, "a time in UTC");

    public ulong Hex(string name) => Find(name) is null ? throw Missing(name) : Hex(name, 0);

    public ulong Hex(string name, ulong fallback) => TextOrNull(name) is not { } text ? fallback
        : ulong.TryParse(text, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var value) ? value
        : throw Wrong(name, "a hexadecimal number of 64 bits");

    public T Member<T>(string name, NameTable<T> names, T fallback)
        where T : struct, Enum => TextOrNull(name) is { } text ? Named(name, names, text) : fallback;

    public T Member<T>(string name, NameTable<T> names)
        where T : struct, Enum => Find(name) is null ? throw Missing(name) : Member(name, names, default);

    /// <summary>Reads an array of names; the empty array where the field is absent.</summary>
    public ImmutableArray<T> Members<T>(string name, NameTable<T> names)
        where T : struct, Enum
    {
        var fields = this;
        return [.. Texts(name, []).Select(text => fields.Named(name, names, text))];
    }

    public JsonFields Object(string name) => ObjectOrNull(name) ?? throw Missing(name);

    public JsonFields? ObjectOrNull(string name) => Find(name) is { } found ? new JsonFields(found, $"{path}.{name}") : null;

    /// <summary>Reads an array of objects; the empty array where the field is absent.</summary>
    public ImmutableArray<T> Objects<T>(string name, Func<JsonFields, T> read) => OptionalObjects(name, read) is { IsDefault: false } found ? found : [];

    /// <summary>Reads an array of objects; the default array where the field is absent.</summary>
    public ImmutableArray<T> OptionalObjects<T>(string name, Func<JsonFields, T> read)
    {
        var at = $"{path}.{name}";
        return Items(name) is not { } items ? default : [.. items.Select(item => read(new(item, at)))];
    }

    /// <summary>Reads an array of texts; the fallback where the field is absent.</summary>
    public ImmutableArray<string> Texts(string name, ImmutableArray<string> fallback)
    {
        var fields = this;
        return Items(name) is not { } items ? fallback : [.. items.Select(item => fields.Text(item, name))];
    }

    public ImmutableSortedDictionary<string, string> Pairs(string name)
    {
        if (Find(name) is not { } found) return ImmutableSortedDictionary<string, string>.Empty;
        if (found.ValueKind is not JsonValueKind.Object) throw Wrong(name, "an object of texts");
        var fields = this;
        return found.EnumerateObject().ToImmutableSortedDictionary(pair => pair.Name, pair => fields.Text(pair.Value, name), StringComparer.Ordinal);
    }

    private JsonElement? Find(string name) =>
        _element.TryGetProperty(name, out var found) && found.ValueKind is not JsonValueKind.Null ? found : null;

    private JsonElement.ArrayEnumerator? Items(string name) => Find(name) is not { } found ? null
        : found.ValueKind is JsonValueKind.Array ? found.EnumerateArray() : throw Wrong(name, "an array");

    private string Text(JsonElement found, string name) => found.ValueKind is JsonValueKind.String ? found.GetString()! : throw Wrong(name, "text");

    private T Named<T>(string name, NameTable<T> names, string text)
        where T : struct, Enum => names.TryFind(text, out var member) ? member
        : throw new FormatException($"'{path}.{name}' is '{text}', which this version does not know: use the version that wrote it, or a later one.");

    private FormatException Missing(string name) => new($"'{path}.{name}' is missing: the record was changed or cut.");

    private FormatException Wrong(string name, string expected) => new($"'{path}.{name}' is not {expected}: the record was changed or cut.");
}
