using System.Collections.Immutable;

namespace AgentCanary.Metrics;

/// <summary>A sample of stable's sticky keys with their requests and failures, as it is kept: see <see cref="KeySampler"/>. Immutable and thread-safe; equal by value.</summary>
public sealed class KeySample : IEquatable<KeySample>
{
    internal KeySample(ImmutableArray<long> places) => Places = places;

    /// <summary>Gets a sample of nobody.</summary>
    public static KeySample Empty { get; } = new([]);

    /// <summary>Gets how many requests of these users are worth one independent request, 1 or more.</summary>
    public double DesignEffect => SampledKey.Sum(Places.AsSpan()).DesignEffect;

    /// <summary>Gets how many keys are in the sample, up to 2,048.</summary>
    public int Keys => Places.Count(bits => bits != 0);

    internal ImmutableArray<long> Places { get; }

    /// <summary>Joins what another process counted in the same time: the same sample as if one had counted all. Associative and commutative.</summary>
    public KeySample Merge(KeySample other)
    {
        ArgumentNullException.ThrowIfNull(other);
        if (other.Places.IsEmpty) return this;
        return Places.IsEmpty ? other : new([.. Places.Zip(other.Places, static (left, right) => new SampledKey(left).Joined(new(right)).Bits)]);
    }

    /// <inheritdoc/>
    public bool Equals(KeySample? other) => other is not null && Places.AsSpan().SequenceEqual(other.Places.AsSpan());

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as KeySample);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Places.Length, Keys);

    internal void Write(BinaryWriter writer)
    {
        writer.Write7BitEncodedInt(Keys);
        for (var (i, last) = (0, -1); i < Places.Length; i++)
        {
            if (new SampledKey(Places[i]) is not { Requests: > 0 } key) continue;
            writer.Write7BitEncodedInt(i - last - 1);
            writer.Write(key.Rank);
            writer.Write7BitEncodedInt(key.Requests);
            writer.Write7BitEncodedInt(key.Failures);
            last = i;
        }
    }

    /// <summary>Reads what <see cref="Write"/> wrote.</summary>
    /// <exception cref="InvalidDataException">The bytes are damaged.</exception>
    internal static KeySample Read(BinaryReader reader)
    {
        var keys = reader.Read7BitEncodedInt();
        if (keys == 0) return Empty;
        var places = new long[KeySampler.Places];
        for (var (i, place) = (0, -1L); i < keys; i++)
        {
            place += 1 + (uint)reader.Read7BitEncodedInt();
            var (rank, requests, failures) = (reader.ReadUInt32(), reader.Read7BitEncodedInt(), reader.Read7BitEncodedInt());
            if (place >= places.Length || requests is < 1 or > ushort.MaxValue || failures < 0 || failures > requests)
                throw new InvalidDataException($"The evidence names key {place} of {places.Length} with {failures} failures of {requests} requests: its row is damaged.");
            places[place] = SampledKey.Of(rank).Bits + ((long)requests << 16) + failures;
        }
        return new([.. places]);
    }
}
