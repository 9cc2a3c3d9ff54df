using AgentCanary.Control;
using AgentCanary.Server.Gateway;

namespace AgentCanary.Server.Api;

/// <summary>What a decision id says, as JSON.</summary>
/// <param name="Agent">The agent; null where the server runs the rollout no longer.</param>
/// <param name="Version">The version that served; null where the server runs the rollout no longer.</param>
/// <param name="Variant">Which of the two it was: <c>stable</c> or <c>canary</c>.</param>
/// <param name="Arm">What the request counts for: <c>canary</c>, <c>control</c> or <c>outside</c>.</param>
/// <param name="Reason">Why it was served by that version, such as <c>split</c>.</param>
/// <param name="Attempt">The attempt of the rollout, from 1.</param>
/// <param name="Stage">The stage, from 0.</param>
/// <param name="StageName">The stage's name; null where it is not known any more.</param>
/// <param name="Revision">The revision that decided.</param>
/// <param name="StartedAt">When the request came, UTC.</param>
/// <param name="IsEvidence">Whether the request, and what is reported of it, counts in the comparison.</param>
/// <param name="IsRescue">Whether stable answered for the canary, which failed or could not be reached.</param>
/// <param name="Explanation">All of it, and what it means now, in sentences.</param>
public sealed record DecisionView(
    string? Agent, string? Version, string Variant, string Arm, string Reason, int Attempt, int Stage, string? StageName, long Revision, DateTime StartedAt, bool IsEvidence, bool IsRescue, string Explanation)
{
    /// <summary>Explains a decision.</summary>
    /// <param name="decision">The decision.</param>
    /// <param name="rollout">The rollout that decided as it stands now, or null where another one took its place.</param>
    public static DecisionView Of(in DecisionId decision, RolloutState? rollout)
    {
        var version = rollout is null ? null : decision.Variant is AgentCanary.Variant.Canary ? rollout.Spec.Canary.Version : rollout.Spec.Stable.Version;
        var stage = rollout is not null && rollout.Attempt == decision.Attempt && decision.Stage < rollout.Spec.Stages.Length ? rollout.Spec.Stages[decision.Stage] : null;
        return new(
            rollout?.Agent, version, decision.Variant.WireName, decision.Arm.WireName, DecisionWords.NameOf(decision.Reason), decision.Attempt, decision.Stage, stage?.Name, decision.Revision,
            decision.StartedAt.UtcDateTime, decision.IsEvidence, decision.IsRescue, DecisionWords.Explain(decision, version, stage, rollout));
    }
}
