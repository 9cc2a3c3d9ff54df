using AgentCanary.Control;

namespace AgentCanary.Server.Api;

/// <summary>The present stage as JSON.</summary>
/// <param name="Index">The stage, from 0.</param>
/// <param name="Name">Its name.</param>
/// <param name="WeightBp">The share that it gives the canary, in basis points.</param>
/// <param name="EnteredAt">When it was entered, UTC.</param>
public sealed record StageView(int Index, string Name, int WeightBp, DateTime EnteredAt)
{
    /// <summary>Maps the present stage of a state.</summary>
    public static StageView Of(RolloutState state)
    {
        ArgumentNullException.ThrowIfNull(state);
        return new(state.Stage, state.CurrentStage.Name, state.CurrentStage.Weight.BasisPoints, state.StageEnteredAt.UtcDateTime);
    }
}
