using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json;

namespace AgentCanary.Control;

/// <summary>How values stand in stored JSON. One value has one form, so that equal values have equal bytes.</summary>
internal static class JsonWriting
{
    extension(Utf8JsonWriter writer)
    {
        public void Optional(string name, string? value)
        {
            if (value is not null) writer.WriteString(name, value);
        }

        // Decimal keeps every tick; the shortest form of a double would not.
        public void Seconds(string name, TimeSpan value) => writer.WriteNumber(name, value.Ticks / (decimal)TimeSpan.TicksPerSecond);

        public void Seconds(string name, TimeSpan? value)
        {
            if (value is { } seconds) writer.Seconds(name, seconds);
        }

        public void Number(string name, double value)
        {
            if (double.IsFinite(value)) writer.WriteNumber(name, value);
            else writer.WriteString(name, double.IsNaN(value) ? "NaN" : value > 0 ? "Infinity" : "-Infinity");
        }

        public void Number(string name, double? value)
        {
            if (value is { } number) writer.Number(name, number);
        }

        public void Weight(string name, Weight value) => writer.WriteNumber(name, value.BasisPoints);

        public void Instant(string name, DateTimeOffset value) =>
            writer.WriteString(name, value.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.FFFFFFF'Z'", CultureInfo.InvariantCulture));

        // 64 bits do not fit the numbers of every JSON reader.
        public void Hex(string name, ulong value) => writer.WriteString(name, value.ToString("x16", CultureInfo.InvariantCulture));

        public void Member<T>(string name, NameTable<T> names, T value)
            where T : struct, Enum => writer.WriteString(name, names.NameOf(value));

        /// <summary>Writes an array of names; nothing where there are none.</summary>
        public void Members<T>(string name, NameTable<T> names, ImmutableArray<T> values)
            where T : struct, Enum
        {
            if (!values.IsDefaultOrEmpty) writer.Texts(name, [.. values.Select(names.NameOf)]);
        }

        /// <summary>Writes an object; nothing where the value is null.</summary>
        public void Object<T>(string name, T? value, Action<Utf8JsonWriter, T> write)
            where T : class
        {
            if (value is null) return;
            writer.WriteStartObject(name);
            write(writer, value);
            writer.WriteEndObject();
        }

        /// <summary>Writes an array of objects; an empty one for the default array.</summary>
        public void Objects<T>(string name, ImmutableArray<T> values, Action<Utf8JsonWriter, T> write) =>
            writer.OptionalObjects(name, values.IsDefault ? [] : values, write);

        /// <summary>Writes an array of objects; nothing for the default array, where that means something else than the empty one.</summary>
        public void OptionalObjects<T>(string name, ImmutableArray<T> values, Action<Utf8JsonWriter, T> write)
        {
            if (values.IsDefault) return;
            writer.WriteStartArray(name);
            foreach (var value in values)
            {
                writer.WriteStartObject();
                write(writer, value);
                writer.WriteEndObject();
            }
            writer.WriteEndArray();
        }

        public void Texts(string name, ImmutableArray<string> values)
        {
            writer.WriteStartArray(name);
            foreach (var value in values.IsDefault ? [] : values) writer.WriteStringValue(value);
            writer.WriteEndArray();
        }

        // In ordinal order, whatever comparer the dictionary came with.
        public void Pairs(string name, ImmutableSortedDictionary<string, string> pairs)
        {
            writer.WriteStartObject(name);
            foreach (var (key, value) in pairs.OrderBy(pair => pair.Key, StringComparer.Ordinal)) writer.WriteString(key, value);
            writer.WriteEndObject();
        }
    }
}
