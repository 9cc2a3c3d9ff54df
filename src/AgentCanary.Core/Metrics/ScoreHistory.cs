using System.Collections.Immutable;

namespace AgentCanary.Metrics;

/// <summary>
/// What each key scored before the canary served anybody, and so what is to be expected of it: its distance from the mean of all, drawn towards 0 as far as chance explains it. That was settled before the
/// split drew anybody, so it is the same in both arms on the average, and a score less it has the same mean and a smaller variance: CUPED (Deng, Xu, Kohavi and Walker 2013) in a form that leaves the
/// tests exact. Immutable and thread-safe; equal by value.
/// </summary>
/// <param name="Score">The name of the score.</param>
/// <param name="Mean">The mean of all keys that are known.</param>
/// <param name="Noise">The variance within a key over that between keys: as many scores of a key are worth half a certainty. Infinite where nothing can be told, not a number until it is settled.</param>
internal sealed record ScoreHistory(string Score, double Mean, double Noise)
{
    /// <summary>The number of places; a place holds one key.</summary>
    public const int PlaceCount = 1 << PlaceBits;

    /// <summary>The most scores of which a history is kept.</summary>
    public const int MostScores = 4;

    private const int PlaceBits = 13;
    private const int LeastScores = 100;

    /// <summary>Gets whether something is expected of somebody.</summary>
    public bool IsKnown => double.IsFinite(Noise) && !Places.IsEmpty;

    /// <summary>Gets the keys by the place of their hash.</summary>
    internal ImmutableArray<int> Places { get; init; } = [];

    /// <summary>Makes one that is still gathered.</summary>
    public static ScoreHistory Gathered(string score, ImmutableArray<int> places) => new(score, 0, double.NaN) { Places = places };

    /// <summary>Finds the place of a key, and what tells it from the others of this place.</summary>
    public static (int Index, byte Tag) Place(ulong keyHash)
    {
        var mixed = UserSketch.Mix(keyHash);
        return ((int)(mixed >> (64 - PlaceBits)), (byte)mixed);
    }

    /// <summary>Gets what is expected of a key beyond the mean, in millionths: 0 of a key that is not known. Hot path.</summary>
    public long Expected(ulong keyHash)
    {
        if (keyHash == 0 || !IsKnown) return 0;
        var (index, tag) = Place(keyHash);
        var known = new KeyScore(Places[index]);
        return known.Count == 0 || known.Tag != tag ? 0 : FixedPoint.OfScore((known.Mean - Mean) * known.Count / (known.Count + Noise));
    }

    /// <summary>Ends the gathering: how much of the variance lies between keys follows from the spread of their means.</summary>
    /// <param name="all">All scores of the same time; null where nothing is to be made of them.</param>
    public ScoreHistory Settled(ScoreMoments? all)
    {
        if (!double.IsNaN(Noise)) return this;
        var (keys, count, sum) = (0L, 0L, 0.0);
        foreach (var bits in Places)
        {
            var key = new KeyScore(bits);
            if (key.Count > 0) (keys, count, sum) = (keys + 1, count + key.Count, sum + (key.Count * key.Mean));
        }
        // Where most come once, nobody is known.
        if (all is not { Count: >= LeastScores, Variance: var total } || count < 2 * keys) return Unknown();
        var mean = sum / count;
        var between = Places.Sum(bits => new KeyScore(bits) is { Count: > 0 } key ? key.Count * (key.Mean - mean) * (key.Mean - mean) : 0) / count;
        // Over all scores: total = within + between; over the means of keys: within · keys / count + between.
        var within = Math.Max(0, (total - between) / (1 - (keys / (double)count)));
        return total > within ? this with { Mean = mean, Noise = within / (total - within) } : Unknown();
    }

    private ScoreHistory Unknown() => this with { Noise = double.PositiveInfinity, Places = [] };

    /// <inheritdoc/>
    public bool Equals(ScoreHistory? other) => other is not null && Score == other.Score && Mean.Equals(other.Mean) && Noise.Equals(other.Noise) && Places.AsSpan().SequenceEqual(other.Places.AsSpan());

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Score, Mean, Noise, Places.Length);

    internal void Write(BinaryWriter writer)
    {
        writer.Write(Score);
        writer.Write(Mean);
        writer.Write(Noise);
        writer.Write7BitEncodedInt(Places.Count(bits => bits != 0));
        for (var (i, last) = (0, -1); i < Places.Length; i++)
        {
            if (Places[i] == 0) continue;
            writer.Write7BitEncodedInt(i - last - 1);
            writer.Write(Places[i]);
            last = i;
        }
    }

    /// <summary>Reads what <see cref="Write"/> wrote.</summary>
    /// <exception cref="InvalidDataException">The bytes are damaged.</exception>
    internal static ScoreHistory Read(BinaryReader reader)
    {
        var history = new ScoreHistory(reader.ReadString(), reader.ReadDouble(), reader.ReadDouble());
        var keys = reader.Read7BitEncodedInt();
        if (keys == 0) return history;
        var places = new int[PlaceCount];
        for (var (i, place) = (0, -1L); i < keys; i++)
        {
            place += 1 + (uint)reader.Read7BitEncodedInt();
            if (place >= places.Length) throw new InvalidDataException($"The evidence names the place {place} of a key's scores, beyond {places.Length}: its row is damaged.");
            places[place] = reader.ReadInt32();
        }
        return history with { Places = [.. places] };
    }
}
