using System.Collections.Immutable;
using System.Numerics;

namespace AgentCanary.Metrics;

/// <summary>How many distinct sticky keys of a stage the split gave each arm, and which keys were seen, so that a restart counts none again. Immutable and thread-safe; equal by value.</summary>
/// <param name="Canary">The canary's keys, 0 or more.</param>
/// <param name="Control">Control's keys, 0 or more.</param>
public sealed record KeyCounts(long Canary, long Control)
{
    /// <summary>Gets a stage that has seen nobody.</summary>
    public static KeyCounts Empty { get; } = new(0, 0);

    /// <summary>Gets the words of <see cref="SeenKeys"/>; empty where no key was seen.</summary>
    internal ImmutableArray<long> Seen { get; init; } = [];

    /// <inheritdoc/>
    public bool Equals(KeyCounts? other) => other is not null && (Canary, Control) == (other.Canary, other.Control) && Seen.AsSpan().SequenceEqual(other.Seen.AsSpan());

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Canary, Control, Seen.Length);

    internal void Write(BinaryWriter writer)
    {
        writer.Write(Canary);
        writer.Write(Control);
        var count = Seen.Sum(word => BitOperations.PopCount((ulong)word));
        // Few keys as their distances, many as the words themselves: never more than 16 KB.
        var isDense = count > SeenKeys.Words * 4;
        writer.Write7BitEncodedInt(isDense ? -1 : count);
        if (isDense) foreach (var word in Seen) writer.Write(word);
        else WriteDistances(writer);
    }

    /// <summary>Reads what <see cref="Write"/> wrote.</summary>
    /// <exception cref="InvalidDataException">The bytes are damaged.</exception>
    internal static KeyCounts Read(BinaryReader reader)
    {
        var counts = new KeyCounts(reader.ReadInt64(), reader.ReadInt64());
        var count = reader.Read7BitEncodedInt();
        if (count == 0) return counts;
        var words = new long[SeenKeys.Words];
        if (count < 0) for (var i = 0; i < words.Length; i++) words[i] = reader.ReadInt64();
        else ReadDistances(reader, count, words);
        return counts with { Seen = [.. words] };
    }

    private void WriteDistances(BinaryWriter writer)
    {
        var last = -1;
        for (var i = 0; i < Seen.Length; i++)
        {
            for (var word = (ulong)Seen[i]; word != 0; word &= word - 1)
            {
                var place = (i * 64) + BitOperations.TrailingZeroCount(word);
                writer.Write7BitEncodedInt(place - last - 1);
                last = place;
            }
        }
    }

    private static void ReadDistances(BinaryReader reader, int count, long[] words)
    {
        for (var (i, place) = (0, -1L); i < count; i++)
        {
            place += 1 + (uint)reader.Read7BitEncodedInt();
            if (place >= words.Length * 64L) throw new InvalidDataException($"The evidence names the place {place} of a key, beyond {words.Length * 64L}: its row is damaged.");
            words[place >> 6] |= 1L << (int)(place & 63);
        }
    }
}
