using System.Collections.Immutable;

namespace AgentCanary.Spec;

/// <summary>Binds the list of stages, in the form <c>stages</c> or <c>canary_stages</c>, and judges them together.</summary>
internal static class StagesBinder
{
    private const int MostStages = 100;

    public static ImmutableArray<Stage> Bind(Section root, RolloutSpec spec)
    {
        var (plain, minutes) = (root.Take("stages"), root.Take("canary_stages"));
        if (plain is not null && minutes is not null) minutes.Fault("stages stands in the file too: keep one of stages and canary_stages");
        if ((plain ?? minutes ?? root.Need("stages", "a list of stages that ends with weight: 100%")) is not { } list) return [];
        var inMinutes = plain is null;
        var bound = list.Items("a list of stages that ends with weight: 100%", MostStages)
            .Select((item, index) => StageBinder.Bind(item, index, inMinutes, spec)).OfType<BoundStage>().ToImmutableArray();
        if (list.Node is SpecNode.Sequence { Items.IsEmpty: true })
            list.Fault("the list is empty: write at least one stage with weight: 100%");
        JudgeNames(bound);
        JudgeWeights(bound);
        return [.. bound.Select(each => each.Stage)];
    }

    private static void JudgeNames(ImmutableArray<BoundStage> stages)
    {
        var names = new HashSet<string>(StringComparer.Ordinal);
        foreach (var (stage, place, name, _) in stages.Where(each => !names.Add(each.Stage.Name)))
            (name ?? place).Fault($"two stages are named '{stage.Name}': give each its own name");
    }

    private static void JudgeWeights(ImmutableArray<BoundStage> stages)
    {
        for (var i = 1; i < stages.Length; i++)
        {
            var (stage, _, _, weight) = stages[i];
            var before = stages.Take(i)
                .LastOrDefault(each => each.Weight is not null && each.Stage.Cohorts.Order().SequenceEqual(stage.Cohorts.Order()));
            if (before is not null && stage.Weight < before.Stage.Weight)
            {
                weight?.Fault($"the weight falls from {before.Stage.Weight} in stage '{before.Stage.Name}' to {stage.Weight}: "
                    + "weights may not fall for the same cohorts");
            }
        }
        if (stages.LastOrDefault() is { Weight: { } last, Stage: { } final } && final.Weight != Weight.Full)
            last.Fault($"the last stage has {final.Weight}: a rollout ends with a stage of 100%");
    }
}
