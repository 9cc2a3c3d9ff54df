namespace AgentCanary.Cli.Demo;

/// <summary>What a user thinks of an answer.</summary>
/// <param name="Version">The version that answered.</param>
/// <param name="Decision">The id that the gateway gave the request.</param>
/// <param name="IsUp">Whether the user was content.</param>
internal readonly record struct Thumb(string Version, string Decision, bool IsUp);
