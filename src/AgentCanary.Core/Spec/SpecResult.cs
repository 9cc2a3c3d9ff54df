using System.Collections.Immutable;

namespace AgentCanary.Spec;

/// <summary>What became of a file: specs, or faults, never both.</summary>
/// <param name="Specs">The rollouts of the file, in order; empty where there are faults.</param>
/// <param name="Faults">Every fault of the file; empty where it is accepted.</param>
public sealed record SpecResult(ImmutableArray<RolloutSpec> Specs, ImmutableArray<SpecFault> Faults)
{
    /// <summary>Gets whether the file is accepted.</summary>
    public bool IsValid => Faults.IsEmpty;
}
