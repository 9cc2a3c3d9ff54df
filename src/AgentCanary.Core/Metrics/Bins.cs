namespace AgentCanary.Metrics;

/// <summary>
/// The bins of one quantity, by the cuts between them: bin i holds the values of at least cut i − 1 and below cut i, so that what lies at or above a cut is counted exactly.
/// Immutable and thread-safe; equal by value.
/// </summary>
internal sealed class Bins : IEquatable<Bins>
{
    private const int Few = 12;

    private readonly long[] _cuts;

    private Bins(long[] cuts) => _cuts = cuts;

    /// <summary>Gets a single bin of all values.</summary>
    public static Bins One { get; } = new([]);

    /// <summary>Gets the cuts, rising.</summary>
    public ReadOnlySpan<long> Cuts => _cuts;

    /// <summary>Gets the number of bins: one more than cuts.</summary>
    public int Count => _cuts.Length + 1;

    /// <summary>Makes bins from cuts in any order.</summary>
    public static Bins Of(IEnumerable<long> cuts) => new([.. cuts.Distinct().Order()]);

    /// <summary>Makes bins that grow with their values: cuts at <paramref name="first"/>, and some in each octave above it.</summary>
    public static Bins Ladder(long first, int octaves, int perOctave) =>
        Of(Enumerable.Range(0, (octaves * perOctave) + 1).Select(step => (first << (step / perOctave)) + ((first << (step / perOctave)) * (step % perOctave) / perOctave)));

    /// <summary>Finds the bin of a value: the number of cuts that are not above it. Hot path.</summary>
    public int Find(long value)
    {
        var cuts = _cuts;
        var (low, high) = (0, cuts.Length);
        if (high <= Few)
        {
            // Without a branch: where a value falls is not to be guessed.
            foreach (var cut in cuts) low += cut <= value ? 1 : 0;
            return low;
        }
        while (low < high)
        {
            var middle = (int)((uint)(low + high) >> 1);
            if (cuts[middle] <= value) low = middle + 1;
            else high = middle;
        }
        return low;
    }

    /// <summary>Tells whether each of some cuts is one of these.</summary>
    public bool Have(ReadOnlySpan<long> cuts)
    {
        foreach (var cut in cuts)
        {
            if (Array.BinarySearch(_cuts, cut) < 0) return false;
        }
        return true;
    }

    /// <summary>Gets the bins by the cuts that both have: all that can be known of two counts together.</summary>
    public Bins Common(Bins other) => Equals(other) ? this : Of(_cuts.Intersect(other._cuts));

    public bool Equals(Bins? other) => ReferenceEquals(this, other) || (other is not null && _cuts.AsSpan().SequenceEqual(other._cuts));

    public override bool Equals(object? obj) => Equals(obj as Bins);

    public override int GetHashCode() => HashCode.Combine(_cuts.Length, _cuts.FirstOrDefault(), _cuts.LastOrDefault());
}
