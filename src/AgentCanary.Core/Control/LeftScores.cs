using System.Collections.Immutable;
using AgentCanary.Metrics;

namespace AgentCanary.Control;

/// <summary>The scores of a stage that was left. Immutable and thread-safe; equal by value.</summary>
/// <param name="Stage">The stage, from 0.</param>
/// <param name="Canary">The canary's scores.</param>
/// <param name="Control">Control's scores.</param>
/// <param name="HasNew">Whether scores came after the stage was left: without any, nothing is judged anew.</param>
public sealed record LeftScores(int Stage, MetricWindow Canary, MetricWindow Control, bool HasNew)
{
    /// <summary>Adds scores that came after their stage was left.</summary>
    internal static ImmutableArray<LeftScores> Add(ImmutableArray<LeftScores> left, int stage, TickTally scores) => Leave(left, new(stage, scores.Canary, scores.Control, HasNew: true));

    /// <summary>Adds the scores of a stage to what is known of it.</summary>
    internal static ImmutableArray<LeftScores> Leave(ImmutableArray<LeftScores> left, LeftScores scores)
    {
        var place = 0;
        while (place < left.Length && left[place].Stage < scores.Stage) place++;
        return place < left.Length && left[place].Stage == scores.Stage ? left.SetItem(place, left[place].Plus(scores)) : left.Insert(place, scores);
    }

    private LeftScores Plus(LeftScores other) => new(Stage, Canary.Merge(other.Canary), Control.Merge(other.Control), HasNew || other.HasNew);
}
