using System.Collections.Immutable;

namespace AgentCanary.Spec;

/// <summary>What a reader found in one file. Immutable and thread-safe.</summary>
/// <param name="Name">The file's name for faults, or <c>-</c> where it came over the wire.</param>
/// <param name="Documents">The documents, in order.</param>
public sealed record SpecFile(string Name, ImmutableArray<SpecNode> Documents);
