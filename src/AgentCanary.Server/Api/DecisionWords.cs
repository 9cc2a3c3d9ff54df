using System.Globalization;
using AgentCanary.Control;
using AgentCanary.Server.Gateway;

namespace AgentCanary.Server.Api;

/// <summary>Tells a decision in words.</summary>
internal static class DecisionWords
{
    /// <summary>Gets the name on the wire, which programs may compare.</summary>
    public static string NameOf(AssignmentReason reason) => reason switch
    {
        AssignmentReason.Static => "static",
        AssignmentReason.Disabled => "disabled",
        AssignmentReason.Forced => "forced",
        AssignmentReason.Pinned => "pinned",
        AssignmentReason.Excluded => "excluded",
        AssignmentReason.Included => "included",
        AssignmentReason.NotEligible => "not_eligible",
        AssignmentReason.Split => "split",
        AssignmentReason.Unkeyed => "unkeyed",
        AssignmentReason.Unhealthy => "unhealthy",
        _ => "error",
    };

    /// <summary>Explains a decision: who served and why, what it counts for, and where its rollout stands now.</summary>
    public static string Explain(in DecisionId decision, string? version, Stage? stage, RolloutState? rollout) => string.Join(" ",
    [
        $"{(version is null ? "The" : $"'{version}', the")} {decision.Variant.WireName} version{(version is null ? "" : ",")} served: {Why(decision, stage, rollout)}{Instead(decision)}.",
        $"That was in attempt {decision.Attempt}, stage {decision.Stage + 1}{(stage is null ? "" : $" '{stage.Name}'")}, at revision {decision.Revision}.",
        Counts(decision),
        Now(decision, rollout),
    ]);

    private static string Why(in DecisionId decision, Stage? stage, RolloutState? rollout) => decision.Reason switch
    {
        AssignmentReason.Static => "the rollout moved nobody at that moment, as it had not started or had ended",
        AssignmentReason.Disabled => "the kill switch was on",
        AssignmentReason.Forced => $"a caller who may do so asked for {Chosen(decision)}",
        AssignmentReason.Pinned => $"the conversation belonged to {Chosen(decision)}, or a trusted upstream had chosen it",
        AssignmentReason.Excluded => "the caller is in a cohort that is excluded from the rollout",
        AssignmentReason.Included => "the caller is in a cohort whose own stage has passed, and keeps the canary",
        AssignmentReason.NotEligible => "the stage is for cohorts that the caller is not in",
        AssignmentReason.Split => $"the caller's sticky key lies {Place(decision, rollout)}{(IsOfCanary(decision) ? "inside" : "outside")} the canary's share{Share(stage)}",
        AssignmentReason.Unkeyed => $"the request had no sticky key, and a random draw decided{Share(stage)}",
        AssignmentReason.Unhealthy => "the canary was not ready or not healthy, so stable served its share",
        _ => "routing failed, and then stable serves",
    };

    private static string Chosen(in DecisionId decision) => decision.IsRescue ? "the canary" : "this version";

    // The split counts all that it gives out for one side: what came of it outside was answered by the version that it was not given to.
    private static bool IsInstead(in DecisionId decision) =>
        decision.IsRescue || decision is { Arm: Arm.Outside, Reason: AssignmentReason.Split or AssignmentReason.Unkeyed };

    private static bool IsOfCanary(in DecisionId decision) => (decision.Variant is Variant.Canary) != IsInstead(decision);

    private static string Instead(in DecisionId decision) => decision switch
    {
        { IsRescue: true } => ", but the canary failed or could not be reached, and stable answered in its place (rescue)",
        _ when IsInstead(decision) => $", but {(IsOfCanary(decision) ? "the canary" : "stable")} failed or did not know the conversation, and {decision.Variant.WireName} answered in its place",
        _ => "",
    };

    // MD5 buckets are not in the id: it keeps the salted hash, which says nothing of them.
    private static string Place(in DecisionId decision, RolloutState? rollout) => rollout is not { Spec.Sticky.Hash: StickyHashKind.Xxh64 } ? ""
        : string.Create(CultureInfo.InvariantCulture, $"at {(decision.KeyHash >> 32) * 100.0 / (1L << 32):0.##} % of the key space, ");

    private static string Share(Stage? stage) => stage is null ? "" : $" of {stage.Weight}";

    private static string Counts(in DecisionId decision) => decision.Arm switch
    {
        Arm.Outside => "The request counts for neither side of the comparison.",
        _ when !decision.IsEvidence => $"The request counts for neither side: it came during a warm-up, or, where the file judges by key, after another one of its user in the same stage.",
        Arm.Canary => "The request, its late scores included, counts for the canary.",
        _ => "The request, its late scores included, counts for control, which the canary is compared with.",
    };

    private static string Now(in DecisionId decision, RolloutState? rollout) => rollout switch
    {
        null => "The rollout that decided has been replaced since, so nothing about it can count any more.",
        _ when rollout.Attempt != decision.Attempt => $"The rollout is in attempt {rollout.Attempt} now, so nothing about it can count any more.",
        { IsTerminal: true } => $"The rollout is {rollout.Phase} now.",
        _ => $"The rollout is {rollout.Phase} now, in stage {rollout.Stage + 1} '{rollout.CurrentStage.Name}' at {rollout.Weight}.",
    };
}
