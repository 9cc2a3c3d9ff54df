namespace AgentCanary.Metrics;

/// <summary>How many values lie in each bin. Immutable and thread-safe; equal by value.</summary>
internal sealed record BinCounts(Bins Bins, BucketCounts Counts)
{
    /// <summary>Adds other counts. Where the bins differ the sum is told by their common cuts, exactly: associative and commutative to the bit.</summary>
    public BinCounts Plus(BinCounts other)
    {
        var common = Bins.Common(other.Bins);
        return new(common, Over(common.Cuts).Plus(other.Over(common.Cuts)));
    }

    /// <summary>Adds values to the topmost bin: requests that never ended are slower than all.</summary>
    public BinCounts PlusTop(long more) => more <= 0 ? this : this with { Counts = Counts.Plus(BucketCounts.Of([more], Bins.Count - 1)) };

    /// <summary>Counts the values by other, rising cuts; a cut may come twice, and then nothing lies between. Exact where each is a cut of these bins.</summary>
    public BucketCounts Over(ReadOnlySpan<long> cuts)
    {
        if (cuts.SequenceEqual(Bins.Cuts)) return Counts;
        Span<long> places = cuts.Length < 256 ? stackalloc long[cuts.Length + 1] : new long[cuts.Length + 1];
        places.Clear();
        var place = 0;
        for (var i = 0; i < Counts.Counts.Length; i++)
        {
            var bin = Counts.First + i;
            while (bin > 0 && place < cuts.Length && cuts[place] <= Bins.Cuts[bin - 1]) place++;
            places[place] += Counts.Counts[i];
        }
        return BucketCounts.Of(places);
    }
}
