namespace AgentCanary;

/// <summary>Another model began to answer for a version in the midst of an attempt, which the version's name does not tell. Immutable and thread-safe.</summary>
/// <param name="Version">The version.</param>
/// <param name="From">The model that answered most until then, as answers name it.</param>
/// <param name="To">The model that answers since, alone or beside the other.</param>
public sealed record ModelChange(string Version, string From, string To);
