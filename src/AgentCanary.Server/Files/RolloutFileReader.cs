using System.Collections.Immutable;
using System.Text;
using AgentCanary.Spec;
using YamlDotNet.Core;

namespace AgentCanary.Server.Files;

/// <summary>
/// Reads one file strictly: UTF-8, at most 256 KB, 10,000 values and 32 levels; no anchors, aliases, tags, directives or key that stands
/// twice.
/// JSON is YAML and takes the same way. Pure and thread-safe; it never throws for what a file holds.
/// </summary>
public static class RolloutFileReader
{
    /// <summary>The largest file, in bytes.</summary>
    public const int MostBytes = 256 * 1024;

    /// <summary>The most values, keys, lists and mappings of a file.</summary>
    public const int MostNodes = 10_000;

    /// <summary>The most lists and mappings within each other.</summary>
    public const int MostLevels = 32;

    private static readonly UTF8Encoding Strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <summary>Reads a file.</summary>
    /// <param name="name">The file's name for faults, or <c>-</c> where it came over the wire.</param>
    /// <param name="bytes">The whole file.</param>
    public static RolloutReading Read(string name, ReadOnlyMemory<byte> bytes)
    {
        ArgumentNullException.ThrowIfNull(name);
        var faults = ImmutableArray.CreateBuilder<SpecFault>();
        var documents = Decode(name, bytes.Span, faults) is { } text && TextScan.Judge(name, text, faults) ? Parse(name, text, faults) : [];
        return new(name, documents, faults.ToImmutable());
    }

    private static string? Decode(string name, ReadOnlySpan<byte> bytes, ImmutableArray<SpecFault>.Builder faults)
    {
        if (bytes.Length > MostBytes)
        {
            faults.Add(new(name, 1, 1, "", $"the file has more than {MostBytes} bytes: write less, or several files"));
            return null;
        }
        if (bytes.StartsWith(Encoding.UTF8.Preamble)) bytes = bytes[Encoding.UTF8.Preamble.Length..];
        try
        {
            return Strict.GetString(bytes);
        }
        catch (DecoderFallbackException exception)
        {
            var before = Encoding.UTF8.GetString(bytes[..Math.Clamp(exception.Index, 0, bytes.Length)]);
            var (line, column) = TextScan.PlaceOf(before, before.Length);
            faults.Add(new(name, line, column, "", "the file is not UTF-8 from here on: save it as UTF-8"));
            return null;
        }
    }

    private static ImmutableArray<SpecNode> Parse(string name, string text, ImmutableArray<SpecFault>.Builder faults)
    {
        var reader = new NodeReader(name, text, faults);
        var documents = ImmutableArray.CreateBuilder<SpecNode>();
        try
        {
            while (reader.ReadDocument() is { } document) documents.Add(document);
        }
        catch (YamlException exception)
        {
            // The parser points at the mapping around a tab, which may be the whole file.
            var isTab = exception.Message.Contains("tab as indentation", StringComparison.Ordinal);
            var (line, column) = isTab ? TextScan.FirstTabbedLine(text) : ((int)exception.Start.Line, (int)exception.Start.Column);
            // At the end of the text the parser is one line ahead.
            var last = TextScan.PlaceOf(text, text.Length);
            if (line > last.Line) (line, column) = last;
            var message = isTab ? "a tab indents this line: write blanks" : $"this is not YAML: {exception.Message}";
            faults.Add(new(name, Math.Max(line, 1), Math.Max(column, 1), "", message));
        }
        return documents.ToImmutable();
    }
}
