namespace AgentCanary.Control;

/// <summary>One event as a store keeps it. The bytes count, not what they mean: a later version may write the same event in other bytes.</summary>
/// <param name="Revision">The revision under which it is kept.</param>
/// <param name="Json">The event's canonical JSON.</param>
/// <param name="PreviousHash">The hash before it, <see cref="EventChain.Start"/> for the first.</param>
/// <param name="Hash">Its own hash.</param>
public readonly record struct EventLink(long Revision, ReadOnlyMemory<byte> Json, string PreviousHash, string Hash);
