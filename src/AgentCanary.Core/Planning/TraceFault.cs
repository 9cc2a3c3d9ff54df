namespace AgentCanary.Planning;

/// <summary>What is wrong with a line of a trace.</summary>
/// <param name="Line">The line, from 1.</param>
/// <param name="Message">The field, its value and the rule.</param>
public sealed record TraceFault(long Line, string Message);
