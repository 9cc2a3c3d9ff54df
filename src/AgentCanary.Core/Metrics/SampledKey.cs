namespace AgentCanary.Metrics;

/// <summary>A key of a sample in one word, so that it is read and written whole: 32 bits of its hash, 16 bits of requests, 16 bits of failures. A key that has asked 65,535 times is counted no further.</summary>
internal readonly record struct SampledKey(long Bits)
{
    private const int Most = ushort.MaxValue;

    public uint Rank => (uint)(Bits >> 32);

    public int Requests => (int)(Bits >> 16) & Most;

    public int Failures => (int)Bits & Most;

    public static SampledKey Of(uint rank) => new((long)rank << 32);

    public SampledKey Plus(bool isFailure) => Requests == Most ? this : new(Bits + (1 << 16) + (isFailure ? 1 : 0));

    /// <summary>Puts two counts of one place together: the lesser hash has it, and of the same key both count.</summary>
    public SampledKey Joined(SampledKey other)
    {
        if (Requests == 0 || other.Requests == 0) return Requests == 0 ? other : this;
        if (Rank != other.Rank) return Rank < other.Rank ? this : other;
        var (requests, failures) = (Math.Min(Most, Requests + other.Requests), Math.Min(Most, Failures + other.Failures));
        return new(Of(Rank).Bits + ((long)requests << 16) + failures);
    }

    public static KeySums Sum(ReadOnlySpan<long> keys)
    {
        var sums = default(KeySums);
        foreach (var bits in keys)
        {
            if (bits != 0) sums = sums.Plus(new SampledKey(bits).Requests, new SampledKey(bits).Failures);
        }
        return sums;
    }
}
