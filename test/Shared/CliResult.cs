namespace AgentCanary.Testing;

/// <summary>What a run of the command left behind.</summary>
public sealed record CliResult(int ExitCode, string Output, string Error);
