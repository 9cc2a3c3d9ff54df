namespace AgentCanary.Cli.Simulation;

/// <summary>The command line of a simulation as it was written; null is what was not given.</summary>
internal sealed record SimulationArguments(string File)
{
    public string? Agent { get; init; }

    public string? Rate { get; init; }

    public string? Stable { get; init; }

    public IReadOnlyList<string> Canaries { get; init; } = [];

    public string? Both { get; init; }

    public string? Users { get; init; }

    public string? Length { get; init; }

    public string? Runs { get; init; }

    public string? Seed { get; init; }

    public string? Against { get; init; }

    public bool Json { get; init; }
}
