using System.Collections.Immutable;

namespace AgentCanary.Metrics;

/// <summary>
/// Which sticky keys a stage has seen: a bit for each of 131,072 places of the key's hash, 16 KB, from the first key on. A key whose place is taken by another one is taken for seen and
/// never counts: which keys these are follows from bits that the split does not look at, so what is counted stays a fair draw, exactly. Thread-safe; a key seen before is one read.
/// </summary>
internal sealed class SeenKeys
{
    /// <summary>The number of 64-bit words.</summary>
    public const int Words = 2048;

    private long[]? _words;

    public SeenKeys(ImmutableArray<long> words = default)
    {
        if (!words.IsDefaultOrEmpty) _words = [.. words];
    }

    /// <summary>Adds a key.</summary>
    /// <param name="keyHash">Its hash. The split reads the high half, this the low one.</param>
    /// <returns>Whether its place was free.</returns>
    public bool Add(ulong keyHash)
    {
        var words = Volatile.Read(ref _words) ?? Keep();
        ref var word = ref words[(int)(keyHash >> 6) & (Words - 1)];
        var bit = 1L << (int)(keyHash & 63);
        return (Volatile.Read(ref word) & bit) == 0 && (Interlocked.Or(ref word, bit) & bit) == 0;
    }

    /// <summary>Reads all words; empty before the first key.</summary>
    public ImmutableArray<long> Read() => Volatile.Read(ref _words) is { } words ? [.. words] : [];

    private long[] Keep()
    {
        var made = new long[Words];
        return Interlocked.CompareExchange(ref _words, made, null) ?? made;
    }
}
