using System.Globalization;
using AgentCanary.Analysis;
using AgentCanary.Spec;

namespace AgentCanary.Control;

/// <summary>What a decision does, said with the evidence that it rests on.</summary>
internal static class DecisionSentences
{
    /// <summary>What was shown, and where the rollout goes.</summary>
    public static string OfPassed(RolloutState state, AnalysisResult analysis) => $"{analysis.Reason}; {Onwards(state)}";

    /// <summary>A rollback is read long after it, so its sentence says when it was.</summary>
    public static string OfRollback(string reason, DateTimeOffset now) =>
        string.Create(CultureInfo.InvariantCulture, $"rolled back at {now.UtcDateTime:HH:mm:ss} UTC{(reason.StartsWith("after ", StringComparison.Ordinal) ? "" : ":")} {reason}");

    public static string OfDeadline(Stage stage, AnalysisResult analysis) =>
        $"stage '{stage.Name}' reached its deadline of {Words.Duration(stage.Deadline ?? default)} without a verdict: {analysis.Reason}";

    public static Deferred<string> OfBake(Stage stage, TimeSpan soak) => new(() => soak < stage.BakeTime
        ? $"stage '{stage.Name}' has run {Words.Duration(soak)} of {Words.Duration(stage.BakeTime)}"
        : $"stage '{stage.Name}' has baked and waits for late scores: {Words.Duration(soak - stage.BakeTime)} of {Words.Duration(stage.ScoreGrace)}");

    public static Deferred<string> OfPause(RolloutState state) => new(() => $"paused ({JsonNames.Pauses.NameOf(state.Pause)}): {state.Reason}");

    public static string OfModel(ModelChange change) =>
        $"another model answers for {change.Version}: {Quote.Of(change.To)}, where {Quote.Of(change.From)} did. What was measured before may not hold for it: roll back and retry to measure anew. A model that is asked for by its dated name does not change";

    private static string Onwards(RolloutState state)
    {
        if (state.Stage + 1 == state.Spec.Stages.Length) return $"{state.Spec.Canary.Version} serves everybody";
        var next = state.Spec.Stages[state.Stage + 1];
        return next.Weight == state.CurrentStage.Weight ? $"going to stage '{next.Name}'" : $"going to {next.Weight}";
    }
}
