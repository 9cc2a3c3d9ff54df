namespace AgentCanary.Spec;

/// <summary>One field of a mapping.</summary>
/// <param name="Name">The field's name.</param>
/// <param name="Value">Its value.</param>
/// <param name="Line">The line of the name, from 1.</param>
/// <param name="Column">The column of the name, from 1.</param>
public sealed record SpecField(string Name, SpecNode Value, int Line, int Column);
