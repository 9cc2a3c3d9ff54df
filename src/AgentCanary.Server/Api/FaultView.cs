using AgentCanary.Spec;

namespace AgentCanary.Server.Api;

/// <summary>One thing that is wrong in a rollout file, as JSON.</summary>
/// <param name="File">The file, or <c>-</c> where it came over the wire.</param>
/// <param name="Line">The line, from 1.</param>
/// <param name="Column">The column, from 1.</param>
/// <param name="Path">The place in the document, such as <c>stages[1].weight</c>.</param>
/// <param name="Message">What is wrong, and what would be right.</param>
public sealed record FaultView(string File, int Line, int Column, string Path, string Message)
{
    /// <summary>Maps a fault.</summary>
    public static FaultView Of(SpecFault fault)
    {
        ArgumentNullException.ThrowIfNull(fault);
        return new(fault.File, fault.Line, fault.Column, fault.Path, fault.Message);
    }
}
