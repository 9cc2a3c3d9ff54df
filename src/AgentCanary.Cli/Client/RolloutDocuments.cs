using System.Collections.Immutable;
using AgentCanary.Cli.Validation;
using AgentCanary.Server.Files;
using AgentCanary.Spec;

namespace AgentCanary.Cli.Client;

/// <summary>The rollouts of the files on a command line, each with the text that says it: the server takes one at a time.</summary>
/// <param name="Rollouts">Each rollout's agent and its document; empty where there are faults.</param>
/// <param name="Faults">Everything that is wrong in any file; empty where all are accepted.</param>
internal sealed record RolloutDocuments(ImmutableArray<(string Agent, ReadOnlyMemory<byte> Bytes)> Rollouts, ImmutableArray<SpecFault> Faults)
{
    /// <summary>Reads and judges files, <c>-</c> for standard input, as one whole.</summary>
    public static RolloutDocuments Read(IEnumerable<string> names)
    {
        var files = names.Select(name => SourceFile.Read(name, RolloutFileReader.MostBytes)).ToArray();
        var judged = RolloutFiles.Read(files.Where(file => file.Fault is null).Select(file => (file.Name, file.Bytes)));
        ImmutableArray<SpecFault> faults = [.. files.Select(file => file.Fault).OfType<SpecFault>(), .. judged.Faults];
        if (!faults.IsEmpty) return new([], faults);
        ImmutableArray<(string, ReadOnlyMemory<byte>)> rollouts = [.. files.SelectMany(file => Documents(file))];
        // Reading a part must give what reading the whole gave, or something else would be sent than was judged.
        return rollouts.Select(rollout => rollout.Item1).SequenceEqual(judged.Specs.Select(spec => spec.Agent))
            ? new(rollouts, [])
            : new([], [new(files[0].Name, 1, 1, "", "the documents cannot be told apart: put each rollout into a file of its own")]);
    }

    private static IEnumerable<(string Agent, ReadOnlyMemory<byte> Bytes)> Documents(SourceFile file)
    {
        if (RolloutFiles.Read((file.Name, file.Bytes)).Specs is [var only]) return [(only.Agent, file.Bytes)];
        return Split(file.Bytes).SelectMany(part => RolloutFiles.Read((file.Name, part)).Specs.Select(spec => (spec.Agent, part)));
    }

    private static IEnumerable<ReadOnlyMemory<byte>> Split(ReadOnlyMemory<byte> bytes)
    {
        var begin = 0;
        for (var at = 0; at < bytes.Length; at = EndOfLine(bytes.Span, at))
        {
            if (at == begin || !BeginsDocument(bytes.Span[at..])) continue;
            yield return bytes[begin..at];
            begin = at;
        }
        yield return bytes[begin..];
    }

    // In YAML a line that begins with three dashes begins a document wherever it stands.
    private static bool BeginsDocument(ReadOnlySpan<byte> line) =>
        line.StartsWith("---"u8) && (line.Length == 3 || line[3] is (byte)' ' or (byte)'\t' or (byte)'\r' or (byte)'\n');

    private static int EndOfLine(ReadOnlySpan<byte> bytes, int at) => bytes[at..].IndexOf((byte)'\n') is >= 0 and var length ? at + length + 1 : bytes.Length;
}
