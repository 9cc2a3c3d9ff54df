using System.Collections.Immutable;
using AgentCanary.Control;

namespace AgentCanary.Server.Api;

/// <summary>One change of a rollout as JSON.</summary>
/// <param name="Agent">The agent's name.</param>
/// <param name="Revision">The revision that the change made.</param>
/// <param name="At">When, UTC.</param>
/// <param name="Type">What happened, such as <c>stage_entered</c>.</param>
/// <param name="Actor"><c>controller</c>, <c>cli</c> or <c>key:ID</c>.</param>
/// <param name="Reason">Why.</param>
/// <param name="Attempt">The attempt, from 1.</param>
/// <param name="FromStage">The stage before, from 0.</param>
/// <param name="ToStage">The stage after, from 0.</param>
/// <param name="Evidence">The checks that the decision rests on.</param>
/// <param name="Hash">The link of the hash chain, lower-case hex.</param>
/// <param name="Model">What <c>model_changed</c> tells of; null in all other events.</param>
public sealed record EventView(
    string Agent, long Revision, DateTime At, string Type, string Actor, string Reason, int Attempt, int FromStage, int ToStage, ImmutableArray<CheckView> Evidence, string Hash,
    ModelChange? Model = null)
{
    /// <summary>Maps a written event.</summary>
    public static EventView Of(RolloutEvent written)
    {
        ArgumentNullException.ThrowIfNull(written);
        return new(
            written.Agent, written.Revision, written.At.UtcDateTime, written.Type, written.Actor, written.Reason, written.Attempt,
            written.FromStage, written.ToStage, [.. written.Evidence.Select(CheckView.Of)], written.Hash, written.Model);
    }
}
