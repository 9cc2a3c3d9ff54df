using System.Collections.Immutable;
using AgentCanary.Metrics;

namespace AgentCanary.Control;

/// <summary>
/// Scores that were reported after their answers, by the stage that served, until the control path takes them. Thread-safe; its size follows from the stages and the checks, whatever is
/// reported: at most 27 KB for each stage and name.
/// </summary>
internal sealed class ReportedScores(ImmutableArray<string> names, BinPlan plan)
{
    private readonly Lock _gate = new();
    private SortedDictionary<int, (ScoreCells Control, ScoreCells Canary)> _stages = [];

    /// <summary>Adds a score.</summary>
    /// <param name="stage">The stage that served, one of the rollout's.</param>
    /// <param name="arm">The arm that served.</param>
    /// <param name="score">The score.</param>
    /// <param name="expected">What is expected of its key beyond the mean, in millionths.</param>
    /// <returns>False where no check asks for such a score.</returns>
    public bool Add(int stage, Arm arm, in Score score, long expected)
    {
        var place = names.IndexOf(score.Name);
        if (place < 0) return false;
        lock (_gate)
        {
            if (!_stages.TryGetValue(stage, out var cells)) _stages[stage] = cells = (new(names, plan, Arm.Control), new(names, plan, Arm.Canary));
            (arm is Arm.Canary ? cells.Canary : cells.Control).Add(place, score.Value, expected);
        }
        return true;
    }

    /// <summary>Removes and reads what came since the last time, in the order of the stages.</summary>
    public ImmutableArray<(int Stage, TickTally Scores)> Take()
    {
        SortedDictionary<int, (ScoreCells Control, ScoreCells Canary)> taken;
        lock (_gate)
        {
            if (_stages.Count == 0) return [];
            (taken, _stages) = (_stages, []);
        }
        return [.. taken.Select(stage => (stage.Key, Tally(stage.Value.Control, stage.Value.Canary)))];
    }

    // A tally of no tick: what tests read of it are its bins alone.
    private static TickTally Tally(ScoreCells control, ScoreCells canary) =>
        new(0, control.ReadWindow(), canary.ReadWindow()) { ControlBins = control.ReadBins(), CanaryBins = canary.ReadBins() };
}
