using System.Collections.Immutable;

namespace AgentCanary.Planning;

/// <summary>Orders outcomes by their start, and those of one moment by what they say, so that a trace means the same in whatever order its lines stand.</summary>
internal sealed class TraceOrder : IComparer<TraceOutcome>
{
    public static TraceOrder Instance { get; } = new();

    public int Compare(TraceOutcome x, TraceOutcome y)
    {
        var order = x.At.CompareTo(y.At);
        if (order == 0) order = Comparer<TimeSpan?>.Default.Compare(x.Outcome.Latency, y.Outcome.Latency);
        if (order == 0) order = x.Arm.CompareTo(y.Arm);
        if (order == 0) order = x.Outcome.Class.CompareTo(y.Outcome.Class);
        if (order == 0) order = x.Outcome.SafetyViolations.CompareTo(y.Outcome.SafetyViolations);
        if (order == 0) order = x.KeyHash.CompareTo(y.KeyHash);
        return order == 0 ? CompareFigures(x.Outcome, y.Outcome) : order;
    }

    private static int CompareFigures(in Outcome x, in Outcome y)
    {
        var order = Nullable.Compare(x.FirstContent, y.FirstContent);
        if (order == 0) order = Nullable.Compare(x.Tokens, y.Tokens);
        if (order == 0) order = Nullable.Compare(x.Cost, y.Cost);
        if (order == 0) order = string.CompareOrdinal(x.Model, y.Model);
        return order == 0 ? CompareScores(x, y) : order;
    }

    private static int CompareScores(in Outcome x, in Outcome y)
    {
        ImmutableArray<Score> left = x.Scores.IsDefault ? [] : x.Scores, right = y.Scores.IsDefault ? [] : y.Scores;
        var order = left.Length.CompareTo(right.Length);
        for (var i = 0; order == 0 && i < left.Length; i++)
        {
            order = string.CompareOrdinal(left[i].Name, right[i].Name);
            if (order == 0) order = left[i].Value.CompareTo(right[i].Value);
        }
        return order;
    }
}
