namespace AgentCanary.Chat;

/// <summary>Who owns what a request goes on with.</summary>
/// <param name="Owner">The owner.</param>
/// <param name="Began">The mark of the stage in which the split began it, or 0.</param>
internal readonly record struct ChatPin(Variant Owner, byte Began);
