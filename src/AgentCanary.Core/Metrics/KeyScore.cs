namespace AgentCanary.Metrics;

/// <summary>A key's scores in one word, so that they are read and written whole: 8 bits of its hash, how many there were, and their mean. Beyond 64 the mean forgets the oldest.</summary>
internal readonly record struct KeyScore(int Bits)
{
    private const int Most = 64;

    public byte Tag => (byte)(Bits >> 24);

    public int Count => (Bits >> 16) & 0xFF;

    public double Mean => (double)BitConverter.Int16BitsToHalf((short)Bits);

    public static KeyScore Of(byte tag, int count, double mean) => new((tag << 24) | (count << 16) | (ushort)BitConverter.HalfToInt16Bits((Half)mean));

    /// <summary>Adds a score of a key. Another key that holds the place gives way when it was met as often as others: who asks most is kept.</summary>
    public KeyScore Plus(byte tag, double score)
    {
        if (Count == 0) return Of(tag, 1, score);
        if (Tag != tag) return Count == 1 ? Of(tag, 1, score) : Of(Tag, Count - 1, Mean);
        var count = Math.Min(Most, Count + 1);
        return Of(tag, count, Mean + ((score - Mean) / count));
    }
}
