using System.Collections.Immutable;

namespace AgentCanary.Metrics;

/// <summary>
/// A sample of stable's sticky keys, with what each asked for and how much of it failed. Each of 2,048 places belongs to the key of the least hash among those that fall into it. Such a key takes its place
/// with its first request, so its counts are whole, and which key that is says nothing of how much it asks. 16 KB, from the first key on. Thread-safe and without interlocked operations: of two
/// updates of one place at the very same time one may be lost, which an estimate can bear.
/// </summary>
internal sealed class KeySampler
{
    /// <summary>The number of places.</summary>
    public const int Places = 2048;

    private long[]? _places;

    public KeySampler(ImmutableArray<long> places = default)
    {
        if (!places.IsDefaultOrEmpty) _places = [.. places];
    }

    /// <summary>Counts a request. Hot path.</summary>
    /// <param name="keyHash">The hash of its key, not 0.</param>
    /// <param name="isFailure">Whether it failed.</param>
    public void Add(ulong keyHash, bool isFailure)
    {
        var mixed = UserSketch.Mix(keyHash);
        ref var place = ref (Volatile.Read(ref _places) ?? Keep())[(int)(mixed >> 53)];
        var (seen, rank) = (new SampledKey(Volatile.Read(ref place)), (uint)mixed);
        if (seen.Requests > 0 && rank > seen.Rank) return;
        var next = (seen.Requests > 0 && rank == seen.Rank ? seen : SampledKey.Of(rank)).Plus(isFailure);
        Volatile.Write(ref place, next.Bits);
    }

    /// <summary>Estimates the design effect of stable's requests.</summary>
    public double DesignEffect() => SampledKey.Sum(Volatile.Read(ref _places)).DesignEffect;

    /// <summary>Reads all places; empty before the first key.</summary>
    public ImmutableArray<long> Read() => Volatile.Read(ref _places) is { } places ? [.. places] : [];

    private long[] Keep()
    {
        var made = new long[Places];
        return Interlocked.CompareExchange(ref _places, made, null) ?? made;
    }
}
