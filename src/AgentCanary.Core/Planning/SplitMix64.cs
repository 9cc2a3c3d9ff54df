namespace AgentCanary.Planning;

/// <summary>
/// The seeded generator of planning and simulation (Steele, Lea and Flood 2014): equal seeds give equal draws on every machine, so a figure in a report can be had again.
/// Not for secrets. Not thread-safe: give each run its own.
/// </summary>
/// <param name="seed">The seed, any number.</param>
public sealed class SplitMix64(ulong seed)
{
    private ulong _state = seed;

    /// <summary>Derives the generator of one of many runs, so that no two of them share their draws and none depends on how many there are.</summary>
    /// <param name="seed">The seed of all.</param>
    /// <param name="run">The number of the run, from 0.</param>
    public static ulong SeedOf(ulong seed, long run) => new SplitMix64(new SplitMix64(seed).NextBits() + unchecked((ulong)run * 0xD1342543DE82EF95)).NextBits();

    /// <summary>Draws 64 random bits.</summary>
    public ulong NextBits()
    {
        _state = unchecked(_state + 0x9E3779B97F4A7C15);
        var z = _state;
        z = unchecked((z ^ (z >> 30)) * 0xBF58476D1CE4E5B9);
        z = unchecked((z ^ (z >> 27)) * 0x94D049BB133111EB);
        return z ^ (z >> 31);
    }

    /// <summary>Begins anew from a seed.</summary>
    internal void Restart(ulong seed) => _state = seed;

    /// <summary>Draws a number from 0 up to, and never, 1: the high 53 bits as a fraction.</summary>
    public double NextUnit() => (NextBits() >> 11) * (1.0 / (1UL << 53));
}
