namespace AgentCanary.Spec;

/// <summary>A stage and where it was written, so that rules between stages can point.</summary>
/// <param name="Stage">The stage.</param>
/// <param name="Place">Where it stands.</param>
/// <param name="Name">Where its name stands, or null where it has none.</param>
/// <param name="Weight">Where its weight stands, or null where it could not be read.</param>
internal sealed record BoundStage(Stage Stage, Place Place, Place? Name, Place? Weight);
