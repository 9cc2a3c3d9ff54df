namespace AgentCanary.Tests;

/// <summary>Tests that change variables of the whole process: they run alone.</summary>
[CollectionDefinition(nameof(EnvironmentVariables), DisableParallelization = true)]
public sealed class EnvironmentVariables;
