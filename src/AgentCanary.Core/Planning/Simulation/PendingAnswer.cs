namespace AgentCanary.Planning.Simulation;

/// <summary>A request that is under way, and what will come of it.</summary>
internal readonly record struct PendingAnswer(Assignment Assignment, Outcome Outcome, VersionModel Model, ulong Seed);
