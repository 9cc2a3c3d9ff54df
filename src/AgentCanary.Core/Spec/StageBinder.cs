using System.Collections.Immutable;
using System.Globalization;

namespace AgentCanary.Spec;

/// <summary>Binds one stage.</summary>
internal static class StageBinder
{
    private const int Most = 1_000_000_000;
    private static readonly TimeSpan Longest = TimeSpan.FromDays(365);
    private static readonly NumberRange Minutes = new("a number of minutes from 0 to 525600", minutes => minutes is >= 0 and <= 525_600);

    /// <summary>Binds a stage.</summary>
    /// <param name="place">Where it stands.</param>
    /// <param name="index">Its index, for its name where none is written.</param>
    /// <param name="inMinutes">Whether its length is <c>duration_minutes</c>, a bare number, instead of <c>bake</c>.</param>
    /// <param name="spec">What is known of the rollout already: its cohorts and its analysis.</param>
    public static BoundStage? Bind(Place place, int index, bool inMinutes, RolloutSpec spec)
    {
        if (place.Section("a mapping such as { name: initial, weight: 5%, bake: 30m }") is not { } section) return null;
        var (name, weight) = (section.Take("name"), section.Need("weight", "weight: 5%"));
        var deadline = section.Take("deadline");
        var stage = new Stage(ReadWeight(weight) ?? Weight.None)
        {
            Name = name.Name(string.Create(CultureInfo.InvariantCulture, $"stage-{index}"), "a stage's name"),
            BakeTime = inMinutes ? TimeSpan.FromMinutes(section.Take("duration_minutes").Number(0, Minutes))
                : section.Take("bake").Duration(default, default, Longest),
            MinRequests = section.Take("min_requests").Whole(50, 0, Most),
            MinUsers = section.Take("min_users").Whole(1, 0, Most),
            Deadline = deadline.DurationOrNone(TimeSpan.FromSeconds(1), Longest),
            OnDeadline = section.Take("on_deadline")
                .Choice(OnDeadline.Pause, ("pause", OnDeadline.Pause), ("rollback", OnDeadline.RollBack), ("promote", OnDeadline.Promote)),
            Approval = section.Take("approval").Truth(false),
            AutoRollback = section.Take("auto_rollback").Truth(true),
            Cohorts = CohortBinder.BindNames(section.Take("cohorts"), spec.Cohorts),
            Shadow = section.Take("shadow").Weight(Weight.None),
            ScoreGrace = section.Take("score_grace").Duration(default, default, Longest),
            Checks = section.Take("checks") is { } checks ? CheckBinder.BindAll(checks) : default,
        };
        section.Close(inMinutes ? HintInMinutes : Hint);
        JudgeDeadline(deadline, stage);
        JudgeAgreement(section.Take("checks"), stage);
        JudgeExcluded(section.Take("cohorts"), stage, spec.Exclude);
        return new(stage, place, name, ReadWeight(weight, isQuiet: true) is null ? null : weight);
    }

    private static Weight? ReadWeight(Place? place, bool isQuiet = false)
    {
        if (isQuiet)
            return place?.Node is SpecNode.Scalar scalar && WeightText.TryParse(scalar.Text, out var weight, out _) ? weight : null;
        return place.Weight(Weight.None);
    }

    private static void JudgeDeadline(Place? place, Stage stage)
    {
        if (place is not null && stage.Deadline > TimeSpan.Zero && stage.Deadline < stage.LeastTime)
        {
            var ripen = stage.LeastTime > stage.BakeTime ? $" and its scores had {DurationText.Write(stage.ScoreGrace)} to come" : "";
            place.Fault($"the deadline of {DurationText.Write(stage.Deadline.Value)} comes before the stage has baked for "
                + $"{DurationText.Write(stage.BakeTime)}{ripen}: write a longer one");
        }
    }

    private static void JudgeAgreement(Place? place, Stage stage)
    {
        var checks = stage.Checks.IsDefault ? [] : stage.Checks.Where(check => check.Metric.Kind is MetricKind.ShadowAgreement).ToList();
        if (checks.Count > 0 && stage.Shadow == Weight.None)
            place?.Fault("shadow_agreement is asked for, and nothing is shown to a shadow: write shadow: 20% in this stage, or take the check out");
        foreach (var check in checks.Where(check => !check.HasSequentialTest))
            place?.Fault($"{Quote.Of(check.Text)} has no control and is bounded from below: write shadow_agreement > 0.9");
    }

    private static void JudgeExcluded(Place? place, Stage stage, ImmutableArray<string> excluded)
    {
        if (!stage.Cohorts.IsEmpty && stage.Cohorts.All(cohort => excluded.Contains(cohort)))
            place?.Fault("every cohort of the stage stands under exclude, so nobody would get the canary: take one out there or here");
    }

    private static string? Hint(string name) => name is "duration_minutes" ? "that is a key of canary_stages: write bake: 30m" : null;

    private static string? HintInMinutes(string name) => name is "bake" ? "that is a key of stages: write duration_minutes: 30" : null;
}
