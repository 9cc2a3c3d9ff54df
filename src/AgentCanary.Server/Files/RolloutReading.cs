using System.Collections.Immutable;
using AgentCanary.Spec;

namespace AgentCanary.Server.Files;

/// <summary>What a file holds as far as it could be read, and what is wrong with how it is written. Immutable and thread-safe.</summary>
/// <param name="Name">The file's name.</param>
/// <param name="Documents">The documents that could be read, in order.</param>
/// <param name="Faults">
/// The faults in the notation: not YAML, too large, an alias, a key twice. What the values mean is judged by <see cref="SpecBinder"/>.
/// </param>
public sealed record RolloutReading(string Name, ImmutableArray<SpecNode> Documents, ImmutableArray<SpecFault> Faults)
{
    /// <summary>Gets the documents in the shape that <see cref="SpecBinder"/> takes.</summary>
    public SpecFile AsFile => new(Name, Documents);
}
