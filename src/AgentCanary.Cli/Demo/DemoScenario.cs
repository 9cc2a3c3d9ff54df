using System.Collections.Immutable;

namespace AgentCanary.Cli.Demo;

/// <summary>Two versions of the agent, and what ought to become of the new one.</summary>
/// <param name="Name">Its name on the command line.</param>
/// <param name="Story">What the reader is about to see, in one sentence.</param>
/// <param name="StableKnobs">Options of the stable agent, besides the ordinary ones.</param>
/// <param name="CanaryKnobs">Options of the new agent, besides the ordinary ones.</param>
/// <param name="Ending">What ought to happen.</param>
internal sealed record DemoScenario(
    string Name, string Story, ImmutableArray<string> StableKnobs, ImmutableArray<string> CanaryKnobs, DemoEnding Ending)
{
    /// <summary>What both agents are like unless a scenario says otherwise.</summary>
    private static readonly ImmutableArray<string> Ordinary = 
    [
        "--error-rate=0.004", "--refusal-rate=0.01", "--evasion-rate=0.04", "--latency-median=120ms", "--latency-sigma=0.35",
    ];

    public static DemoScenario Healthy { get; } = new(
        "healthy", "v1.1.0 is as good as v1.0.0: it ought to reach everybody.", Ordinary, Ordinary, DemoEnding.Completes);

    public static ImmutableArray<DemoScenario> All { get; } =
    [
        Healthy,
        new("regression", "v1.1.0 answers every request with 200, and helps fewer users: it refuses one in eight and sends four in ten elsewhere. What users say of it an hour later ought to take it back.",
            [.. Ordinary, "--error-rate=0"], [.. Ordinary, "--error-rate=0", "--refusal-rate=0.12", "--evasion-rate=0.4"], DemoEnding.RollsBack),
        new("slow", "v1.1.0 takes four times as long: it ought to be rolled back.", Ordinary, [.. Ordinary, "--latency-median=480ms"], DemoEnding.RollsBack),
        new("unsafe", "v1.1.0 shows other customers' addresses once in twenty answers, which its output filter withholds under 200: the first one ought to end it.",
            Ordinary, [.. Ordinary, "--safety-rate=0.05"], DemoEnding.RollsBack),
        new("flaky", "the model provider is down for two of three requests, for both versions alike: no reason to roll back, none to go on.",
            [.. Ordinary, "--error-rate=0.65"], [.. Ordinary, "--error-rate=0.65"], DemoEnding.Holds),
    ];

    /// <summary>Gets whether the new version breaks the rule that has no tolerance, so that a second is all it may take.</summary>
    public bool IsUnsafe => Name == "unsafe";
}
