using System.Collections.Immutable;

namespace AgentCanary.Metrics;

/// <summary>Where the bins of one arm lie among the cells of a tick. Few bins lie in each stripe; many are kept once, since values then seldom meet in one. Immutable and thread-safe.</summary>
internal sealed class BinLayout
{
    public const int Latency = 0;
    public const int FirstContent = 1;
    public const int Tokens = 2;
    public const int Cost = 3;
    public const int Scores = 4;

    private const int MostStriped = 32;

    private static readonly Place Nowhere;

    private readonly ImmutableArray<string> _names;
    private readonly Place[] _places;
    private readonly ScoreHistory?[] _histories;

    private BinLayout(BinPlan plan, Arm arm, ImmutableArray<string> scoreNames, ImmutableArray<ScoreHistory> histories)
    {
        _histories = [.. scoreNames.Select(name => histories.FirstOrDefault(one => one.Score == name))];
        _names = [Quantity.Latency, Quantity.FirstContent, Quantity.Tokens, Quantity.Cost, .. scoreNames.Select(Quantity.Score), .. scoreNames.Select(Quantity.Adjusted)];
        _places = new Place[_names.Length];
        Adjusted = Scores + scoreNames.Length;
        for (var i = 0; i < _places.Length; i++)
        {
            if (plan.Find(_names[i], arm) is not { } bins) continue;
            var isWide = bins.Count > MostStriped;
            _places[i] = new(bins, isWide ? Wide : Striped, isWide);
            if (isWide) Wide += bins.Count;
            else Striped += bins.Count;
        }
    }

    /// <summary>Gets the layout of an arm that counts nothing by bins.</summary>
    public static BinLayout None { get; } = new(BinPlan.None, Arm.Control, [], []);

    /// <summary>Gets the place of the first score less what is expected of its key.</summary>
    public int Adjusted { get; }

    /// <summary>Gets how many cells lie in each stripe.</summary>
    public int Striped { get; }

    /// <summary>Gets how many cells are kept once.</summary>
    public int Wide { get; }

    /// <summary>Gets how many quantities there may be.</summary>
    public int Places => _places.Length;

    /// <summary>Gets where the bins of a quantity lie; without bins where it is not counted, or not known. Hot path.</summary>
    public ref readonly Place this[int place]
    {
        get
        {
            var places = _places;
            if ((uint)place < (uint)places.Length) return ref places[place];
            return ref Nowhere;
        }
    }

    /// <summary>Lays out the bins of one arm.</summary>
    public static BinLayout Of(BinPlan plan, Arm arm, ImmutableArray<string> scoreNames, ImmutableArray<ScoreHistory> histories) =>
        plan.Quantities.IsEmpty ? None : new(plan, arm, scoreNames, histories);

    /// <summary>Gets what is expected of a key's score beyond the mean, in millionths. Hot path.</summary>
    public long Expected(int score, ulong keyHash)
    {
        var histories = _histories;
        return (uint)score < (uint)histories.Length && histories[score] is { } history ? history.Expected(keyHash) : 0;
    }

    /// <summary>Gets the name of a quantity.</summary>
    public string Name(int place) => _names[place];

    /// <summary>The bins of one quantity, its first cell, and whether its cells are kept once.</summary>
    internal readonly record struct Place(Bins? Bins, int First, bool IsWide);
}
