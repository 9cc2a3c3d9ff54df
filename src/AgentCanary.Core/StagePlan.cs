using System.Collections.Immutable;

namespace AgentCanary;

/// <summary>The stages of a rollout, in order. Immutable and thread-safe.</summary>
public sealed class StagePlan
{
    /// <summary>Makes a plan.</summary>
    /// <param name="stages">At least one stage; weights of the same cohorts may not fall; the last one is 100 %.</param>
    /// <exception cref="ArgumentException">A rule is broken; the message names the stage, the value and the rule.</exception>
    public StagePlan(params IEnumerable<Stage> stages)
    {
        ArgumentNullException.ThrowIfNull(stages);
        Stages = [.. stages.Select((stage, index) => stage.Name.Length > 0 ? stage : stage with { Name = $"stage-{index}" })];
        if (Stages.IsEmpty) throw new ArgumentException("A plan needs at least one stage.", nameof(stages));
        for (var i = 1; i < Stages.Length; i++)
        {
            if (Stages[i].Weight < Stages[i - 1].Weight && Stages[i].Cohorts.SequenceEqual(Stages[i - 1].Cohorts))
                throw new ArgumentException($"Stage '{Stages[i].Name}' has weight {Stages[i].Weight}, below the {Stages[i - 1].Weight} before it: weights may not fall.", nameof(stages));
        }
        if (Stages[^1].Weight != Weight.Full)
            throw new ArgumentException($"The last stage '{Stages[^1].Name}' has weight {Stages[^1].Weight}: a plan ends at 100 %.", nameof(stages));
    }

    /// <summary>Gets 1 % for 5 min, 5 % for 10 min, 25 % for 15 min, 50 % for 20 min, then 100 %; at least 50, 200, 500 and 1,000 requests; 99 % success.</summary>
    public static StagePlan Standard { get; } = new(
        Of(1, 5, 50), Of(5, 10, 200), Of(25, 15, 500), Of(50, 20, 1000), Of(100, 0, 0));

    /// <summary>Gets the stages, each with a name.</summary>
    public ImmutableArray<Stage> Stages { get; }

    private static Stage Of(double percent, double minutes, int minRequests) =>
        new(Weight.FromPercent(percent)) { BakeTime = TimeSpan.FromMinutes(minutes), MinRequests = minRequests, MinSuccessRate = 0.99 };
}
