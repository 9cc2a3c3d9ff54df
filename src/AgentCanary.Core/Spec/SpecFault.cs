namespace AgentCanary.Spec;

/// <summary>One thing that is wrong in a rollout file.</summary>
/// <param name="File">The file, or <c>-</c> where it came over the wire.</param>
/// <param name="Line">The line, from 1.</param>
/// <param name="Column">The column, from 1.</param>
/// <param name="Path">The place in the document, such as <c>stages[1].weight</c>; empty for the document itself.</param>
/// <param name="Message">What is wrong, and what would be right.</param>
public sealed record SpecFault(string File, int Line, int Column, string Path, string Message)
{
    /// <summary>Writes <c>FILE:LINE:COLUMN: PATH: MESSAGE</c>.</summary>
    public override string ToString() =>
        Path.Length == 0 ? $"{File}:{Line}:{Column}: {Message}" : $"{File}:{Line}:{Column}: {Path}: {Message}";
}
