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

    private readonly Bins?[] _bins;
    private readonly string[] _names;
    private readonly int[] _first;
    private readonly int _striped;
    private readonly int _wide;

    private BinLayout(BinPlan plan, Arm arm, ImmutableArray<string> scoreNames)
    {
        _names = [Quantity.Latency, Quantity.FirstContent, Quantity.Tokens, Quantity.Cost, .. scoreNames.Select(Quantity.Score)];
        _bins = [.. _names.Select(name => plan.Find(name, arm))];
        _first = new int[_bins.Length];
        for (var place = 0; place < _bins.Length; place++)
        {
            var bins = _bins[place];
            if (bins is null) continue;
            ref var length = ref bins.Count > MostStriped ? ref _wide : ref _striped;
            _first[place] = length;
            length += bins.Count;
        }
    }

    /// <summary>Gets the layout of an arm that counts nothing by bins.</summary>
    public static BinLayout None { get; } = new(BinPlan.None, Arm.Control, []);

    /// <summary>Gets how many cells lie in each stripe.</summary>
    public int Striped => _striped;

    /// <summary>Gets how many cells are kept once.</summary>
    public int Wide => _wide;

    /// <summary>Gets how many quantities there may be.</summary>
    public int Places => _bins.Length;

    /// <summary>Lays out the bins of one arm.</summary>
    public static BinLayout Of(BinPlan plan, Arm arm, ImmutableArray<string> scoreNames) => plan.Quantities.IsEmpty ? None : new(plan, arm, scoreNames);

    public string Name(int place) => _names[place];

    /// <summary>Gets the bins of a quantity, or null where it is not counted.</summary>
    public Bins? this[int place] => _bins[place];

    public int First(int place) => _first[place];

    public static bool IsWide(Bins bins) => bins.Count > MostStriped;
}
