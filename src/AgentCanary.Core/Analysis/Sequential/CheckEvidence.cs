using System.Collections.Immutable;
using AgentCanary.Metrics;

namespace AgentCanary.Analysis.Sequential;

/// <summary>What is kept of one check: its tracks, and the counts of both arms. Immutable; equal by value.</summary>
public sealed record CheckEvidence
{
    /// <summary>Gets everything that the first track saw, in closed blocks and in the open one; of a score or a mean the bad ones are hundredths of the range.</summary>
    public Block Total { get; init; }

    /// <summary>Gets the reported scores of stages that were left: evidence against the canary, never for it.</summary>
    internal Block Left { get; init; }

    /// <summary>Gets all that was seen, the scores of stages that were left included.</summary>
    internal Block All => Total.Plus(Left);

    /// <summary>Gets the tracks, in the order of <see cref="CheckTerms.Tracks"/>.</summary>
    internal ImmutableArray<TrackEvidence> Tracks { get; init; } = [];

    /// <summary>Gets the tests of <see cref="CheckTerms.Ratio"/>.</summary>
    internal TrackEvidence? Ratio { get; init; }

    /// <summary>Begins the evidence of a check.</summary>
    public static CheckEvidence Start(CheckTerms terms)
    {
        ArgumentNullException.ThrowIfNull(terms);
        return new() { Tracks = [.. terms.Tracks.Select(TrackEvidence.Start)], Ratio = terms.Ratio is { } ratio ? TrackEvidence.Start(ratio) : null };
    }

    /// <inheritdoc/>
    public bool Equals(CheckEvidence? other) => other is not null && Total == other.Total && Left == other.Left && Tracks.SequenceEqual(other.Tracks) && Equals(Ratio, other.Ratio);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Total, Tracks.Length);

    internal CheckEvidence Add(CheckTerms terms, TickTally tick, FrozenCuts frozen)
    {
        var (total, tracks) = (Total, ImmutableArray.CreateBuilder<TrackEvidence>(Tracks.Length));
        for (var i = 0; i < Tracks.Length; i++)
        {
            var observed = terms.Tracks[i].Measure.Of(tick, frozen);
            if (i == 0 && observed is not null) total = total.Plus(observed.Block);
            tracks.Add(observed is null ? Tracks[i] : Tracks[i].Add(terms.Tracks[i], observed));
        }
        var ratio = terms.Ratio is { } own && own.Measure.Of(tick, frozen) is { } seen ? Ratio!.Add(own, seen) : Ratio;
        return this with { Total = total, Tracks = tracks.MoveToImmutable(), Ratio = ratio };
    }

    internal CheckEvidence AddReported(CheckTerms terms, int stage, TickTally scores, FrozenCuts frozen, bool isPresent)
    {
        if (terms.Check.Metric.ScoreName is null || terms.Tracks[0].Measure.Of(scores, frozen) is not { } observed || observed.Block == default) return this;
        return this with
        {
            Total = isPresent ? Total.Plus(observed.Block) : Total,
            Left = isPresent ? Left : Left.Plus(observed.Block),
            Tracks = [.. Tracks.Select((track, i) => track.AddReported(terms.Tracks[i], stage, observed, isPresent))],
        };
    }

    /// <summary>Lets go what was counted by cuts of a quantity that are no more, and keeps the evidence.</summary>
    internal CheckEvidence Recut(CheckTerms terms, string quantity)
    {
        bool IsCut(int track) => terms.Tracks[track].Measure is { Quantiles.IsEmpty: false } measure && measure.Quantity == quantity;
        if (!terms.Tracks.Any(track => track.Measure.Quantity == quantity)) return this;
        return this with { Total = IsCut(0) ? default : Total, Tracks = [.. Tracks.Select((track, i) => IsCut(i) ? track.Recut() : track)] };
    }

    internal bool Fits(CheckTerms terms) => terms.Ratio is null == Ratio is null && (Ratio is null || Ratio.Fits(terms.Ratio!))
        && Tracks.Length == terms.Tracks.Length && Tracks.Zip(terms.Tracks).All(pair => pair.First.Fits(pair.Second));
}
