using AgentCanary.Routing;

namespace AgentCanary.Control;

/// <summary>A pin as a store keeps it.</summary>
/// <param name="Agent">The agent's name.</param>
/// <param name="Pin">The pin.</param>
public readonly record struct PinRow(string Agent, Pin Pin);
