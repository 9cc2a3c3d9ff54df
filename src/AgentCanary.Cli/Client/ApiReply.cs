namespace AgentCanary.Cli.Client;

/// <summary>An answer of the API: what it means, and as it came, with fields that this version does not know.</summary>
/// <param name="Value">What it means.</param>
/// <param name="Json">The JSON document as it came.</param>
internal sealed record ApiReply<T>(T Value, string Json);
