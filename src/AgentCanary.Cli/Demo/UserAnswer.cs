namespace AgentCanary.Cli.Demo;

/// <summary>What a simulated user saw of one request.</summary>
/// <param name="Version">The version that answered, as the gateway says; empty when nothing came back.</param>
/// <param name="Failed">No whole answer: an error status, a broken connection or a stream without its end.</param>
/// <param name="IsWithheld">The answer was withheld by a safety rule.</param>
/// <param name="Text">The words, for the conversation to go on.</param>
internal readonly record struct UserAnswer(string Version, bool Failed, bool IsWithheld, string Text);
