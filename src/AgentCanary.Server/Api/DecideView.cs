namespace AgentCanary.Server.Api;

/// <summary>Which version to call, as JSON.</summary>
/// <param name="Version">The version.</param>
/// <param name="Variant">Which of the two it is: <c>stable</c> or <c>canary</c>.</param>
/// <param name="Reason">Why, such as <c>split</c>.</param>
/// <param name="DecisionId">Names the decision, for the outcome and the scores that are reported of it.</param>
public sealed record DecideView(string Version, string Variant, string Reason, string DecisionId);
