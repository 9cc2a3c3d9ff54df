namespace AgentCanary.Metrics;

/// <summary>
/// What is counted by bins, each as a whole number: durations in units of 100 ns, tokens, costs in billionths, scores in millionths. A failed request counts as slower than all.
/// </summary>
internal static class Quantity
{
    public const string Latency = "latency";
    public const string FirstContent = "ttft";
    public const string Tokens = "tokens";
    public const string Cost = "cost";

    /// <summary>Names the quantity of a score.</summary>
    public static string Score(string name) => "score." + name;

    /// <summary>Names the quantity of a score less what is expected of its key.</summary>
    public static string Adjusted(string name) => "score." + name + " adjusted";

    /// <summary>Gets the bins in which stable's values are gathered until cuts are chosen: 64 µs to 18 min by an eighth of an octave; tokens and cost by a quarter of one.</summary>
    public static Bins Ladder(string quantity) => quantity switch
    {
        Latency or FirstContent => Durations,
        Tokens => Whole,
        _ => Billionths,
    };

    private static Bins Durations { get; } = Bins.Ladder(64 * TimeSpan.TicksPerMicrosecond, 24, 8);

    private static Bins Whole { get; } = Bins.Ladder(1, 30, 4);

    private static Bins Billionths { get; } = Bins.Ladder(128, 43, 4);
}
