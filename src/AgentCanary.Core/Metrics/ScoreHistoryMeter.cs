using System.Collections.Immutable;

namespace AgentCanary.Metrics;

/// <summary>
/// What each key scores before the canary serves anybody, of the scores that are compared: 32 KB for each of at most four, from its first on. Thread-safe and without interlocked operations: of two
/// updates of one place at the very same time one may be lost, which a guess can bear.
/// </summary>
internal sealed class ScoreHistoryMeter
{
    private readonly ImmutableArray<string> _names;
    private readonly int[]?[] _places;

    /// <summary>Goes on with what was gathered.</summary>
    /// <param name="names">The names of the scores.</param>
    /// <param name="kept">What is kept of them.</param>
    public ScoreHistoryMeter(ImmutableArray<string> names, ImmutableArray<ScoreHistory> kept)
    {
        _names = [.. names.Take(ScoreHistory.MostScores)];
        _places = [.. _names.Select(name => kept.FirstOrDefault(one => one.Score == name) is { Places: { IsEmpty: false } places } ? places.ToArray() : null)];
    }

    /// <summary>Adds a score of stable. Hot path.</summary>
    /// <param name="keyHash">The hash of its key, not 0.</param>
    /// <param name="score">The score, within <see cref="OutcomeLimits"/>.</param>
    public void Add(ulong keyHash, in Score score)
    {
        var name = _names.IndexOf(score.Name);
        if (name < 0) return;
        var places = Volatile.Read(ref _places[name]) ?? Keep(ref _places[name]);
        var (index, tag) = ScoreHistory.Place(keyHash);
        Volatile.Write(ref places[index], new KeyScore(Volatile.Read(ref places[index])).Plus(tag, score.Value).Bits);
    }

    /// <summary>Reads what was gathered so far.</summary>
    public ImmutableArray<ScoreHistory> Read() =>
    [
        .. _names.Select((name, i) => (name, places: Volatile.Read(ref _places[i]))).Where(one => one.places is not null).Select(one => ScoreHistory.Gathered(one.name, [.. one.places!])),
    ];

    private static int[] Keep(ref int[]? place)
    {
        var made = new int[ScoreHistory.PlaceCount];
        return Interlocked.CompareExchange(ref place, made, null) ?? made;
    }
}
