namespace AgentCanary;

/// <summary>A quality figure of one call, such as <c>quality = 0.8</c>.</summary>
/// <param name="Name">The name as checks use it after <c>score.</c>; <c>task_completion</c> and <c>user_satisfaction</c> feed the checks of those names.</param>
/// <param name="Value">The figure, finite; 0 to 1 by convention.</param>
public readonly record struct Score(string Name, double Value);
