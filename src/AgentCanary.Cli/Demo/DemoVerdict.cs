using System.Globalization;

namespace AgentCanary.Cli.Demo;

/// <summary>Whether a demo ended as its scenario says, and the sentence for people.</summary>
internal sealed record DemoVerdict(bool Passed, string Sentence)
{
    private static readonly TimeSpan LongestReaction = TimeSpan.FromSeconds(1);

    /// <summary>Judges a finished demo.</summary>
    public static DemoVerdict Of(DemoResult result)
    {
        var rollout = result.Rollout;
        return (result.Options.Scenario.Ending, rollout.Phase) switch
        {
            (DemoEnding.Completes, "Completed") => Completed(result),
            (DemoEnding.RollsBack, "RolledBack") => RolledBack(result),
            (DemoEnding.Holds, "Progressing" or "Paused") when rollout.Stage.Index == 0 => new(true, $"v1.1.0 was held at the first stage, as it should be: {rollout.Reason}."),
            (DemoEnding.Holds, "Progressing" or "Paused") => new(false, $"v1.1.0 was promoted to stage '{rollout.Stage.Name}' on evidence that speaks of both versions."),
            (var ending, var phase) => new(false, $"The rollout should have {Wanted(ending)}, but it is {phase} at stage '{rollout.Stage.Name}': {rollout.Reason}."),
        };
    }

    private static DemoVerdict Completed(DemoResult result) => result.Users.StableAfter > 0
        ? new(false, $"v1.1.0 completed, but v1.0.0 still answered {result.Users.StableAfter} requests afterwards.")
        : new(true, "v1.1.0 passed every stage and serves everybody, as it should.");

    private static DemoVerdict RolledBack(DemoResult result) => result switch
    {
        { Users.CanaryAfter: > 0 and var late } => new(false, $"v1.1.0 was rolled back, but still answered {late} requests afterwards."),
        { Options.Scenario.IsUnsafe: true, Reaction: null } => new(false, $"v1.1.0 was rolled back, but not for its safety: {result.Rollout.Reason}."),
        { Options.Scenario.IsUnsafe: true, Reaction: { } reaction } when reaction > LongestReaction =>
            new(false, string.Create(CultureInfo.InvariantCulture, $"v1.1.0 was rolled back only {reaction.TotalSeconds:0.00} s after its first safety violation.")),
        { Options.Scenario.IsUnsafe: true, Reaction: { } reaction } =>
            new(true, string.Create(CultureInfo.InvariantCulture, $"v1.1.0 was rolled back {reaction.TotalMilliseconds:0} ms after its first safety violation reached a user, as it should be.")),
        _ => new(true, $"v1.1.0 was rolled back, as it should be: {result.Rollout.Reason}."),
    };

    private static string Wanted(DemoEnding ending) => ending switch
    {
        DemoEnding.Completes => "completed",
        DemoEnding.RollsBack => "rolled back",
        _ => "been held at its first stage",
    };
}
