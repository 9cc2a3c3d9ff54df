namespace AgentCanary.Control;

/// <summary>The store could not keep, or read, what it was asked to. Nothing was changed.</summary>
/// <param name="message">The store, what failed, and the next step.</param>
/// <param name="inner">What the driver said.</param>
public sealed class StoreUnavailableException(string message, Exception? inner = null) : Exception(message, inner);
