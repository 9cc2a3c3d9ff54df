using System.Collections.Immutable;
using AgentCanary.Spec;

namespace AgentCanary.Server.Files;

/// <summary>
/// Reads rollout files, YAML or JSON, that are served together. Pure and thread-safe; it never throws for what a file holds.
/// </summary>
public static class RolloutFiles
{
    /// <summary>Reads and judges files as one whole: an agent has one rollout, and no two agents share a host.</summary>
    /// <param name="files">The files: a name for faults, and the bytes.</param>
    /// <returns>The rollouts in the order of the files, or every fault of every file.</returns>
    public static SpecResult Read(params IEnumerable<(string Name, ReadOnlyMemory<byte> Bytes)> files)
    {
        var readings = files.Select(file => RolloutFileReader.Read(file.Name, file.Bytes)).ToImmutableArray();
        var result = SpecBinder.Bind(
            [.. readings.Where(reading => reading.Documents.Length > 0 || reading.Faults.IsEmpty).Select(reading => reading.AsFile)]);
        if (readings.All(reading => reading.Faults.IsEmpty)) return result;
        return new([], [.. readings.SelectMany((reading, index) => InOrder(reading, result.Faults, readings.Take(index)))]);
    }

    /// <summary>Reads and judges a single file.</summary>
    /// <param name="name">The file's name for faults, or <c>-</c> where it came over the wire.</param>
    /// <param name="bytes">The whole file.</param>
    public static SpecResult Read(string name, ReadOnlyMemory<byte> bytes) => Read((name, bytes));

    /// <summary>Names every reference to a secret that leads nowhere on this machine: its place, why, and what to do.</summary>
    /// <param name="specs">Rollouts that are about to be served here.</param>
    public static ImmutableArray<string> MissingSecrets(params IEnumerable<RolloutSpec> specs) => [.. specs.SelectMany(SecretSource.Missing)];

    // What the reader refused is not judged again: a fault of the binder at the same place would only repeat it.
    private static IEnumerable<SpecFault> InOrder(
        RolloutReading reading, ImmutableArray<SpecFault> bound, IEnumerable<RolloutReading> before)
    {
        if (before.Any(earlier => earlier.Name == reading.Name)) return reading.Faults;
        var refused = reading.Faults.Select(fault => (fault.Line, fault.Column)).ToHashSet();
        return reading.Faults
            .Concat(bound.Where(fault => fault.File == reading.Name && !refused.Contains((fault.Line, fault.Column))))
            .OrderBy(fault => fault.Line).ThenBy(fault => fault.Column);
    }
}
