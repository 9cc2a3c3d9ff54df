namespace AgentCanary.Decisions;

/// <summary>How requests are and fare at one moment.</summary>
/// <param name="Share">The share of them that the canary gets.</param>
/// <param name="Stable">The share of stable's that are bad.</param>
/// <param name="Canary">The share of the canary's that are bad.</param>
internal readonly record struct Conditions(double Share, double Stable, double Canary);
