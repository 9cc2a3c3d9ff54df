using System.Collections.Immutable;
using System.Globalization;
using AgentCanary.Spec;
using YamlDotNet.Core;
using YamlDotNet.Core.Events;

namespace AgentCanary.Server.Files;

/// <summary>Builds nodes from the events of the parser, so that nothing is expanded, converted or nested deeper than allowed.</summary>
internal sealed class NodeReader(string name, string text, ImmutableArray<SpecFault>.Builder faults)
{
    private readonly Parser _parser = new(new StringReader(text));
    private readonly string[] _lines = text.ReplaceLineEndings("\n").Split('\n');
    private int _nodes;
    private long _lastLine;
    private bool _isRefused;

    /// <summary>Reads the next document; null at the end, or when a limit was passed.</summary>
    /// <exception cref="YamlException">The text is not YAML.</exception>
    public SpecNode? ReadDocument()
    {
        while (!_isRefused && Next())
        {
            if (_parser.Current is DocumentStart start) JudgeDirectives(start);
            else if (_parser.Current is DocumentEnd end) _lastLine = end.End.Line;
            else if (_parser.Current is NodeEvent or AnchorAlias) return Read(level: 0, path: "");
        }
        return null;
    }

    // On some broken texts the parser throws what it does not document; whatever it is, the text is not YAML.
    private bool Next()
    {
        try
        {
            return _parser.MoveNext();
        }
        catch (Exception failure) when (failure is not YamlException)
        {
            var mark = _parser.Current?.End ?? Mark.Empty;
            throw new YamlException(mark, mark, "What follows cannot be read.", failure);
        }
    }

    private SpecNode? Read(int level, string path)
    {
        var current = _parser.Current!;
        var (line, column) = ((int)current.Start.Line, (int)current.Start.Column);
        if (++_nodes > RolloutFileReader.MostNodes)
            return Stop(line, column, path, $"the file has more than {RolloutFileReader.MostNodes} values: write less");
        if (level > RolloutFileReader.MostLevels)
            return Stop(line, column, path, $"values nest deeper than {RolloutFileReader.MostLevels} levels: write it flatter");
        JudgeNode(current, path);
        return current switch
        {
            Scalar scalar => new SpecNode.Scalar(scalar.Value, scalar.Style is ScalarStyle.Plain, line, column),
            SequenceStart => ReadItems(level, path) is { } items ? new SpecNode.Sequence(items, line, column) : null,
            MappingStart => ReadFields(level, path) is { } fields ? new SpecNode.Mapping(fields, line, column) : null,
            _ => new SpecNode.Scalar("", IsPlain: true, line, column),
        };
    }

    private ImmutableArray<SpecNode>? ReadItems(int level, string path)
    {
        var items = ImmutableArray.CreateBuilder<SpecNode>();
        while (Next() && _parser.Current is not SequenceEnd)
        {
            if (Read(level + 1, string.Create(CultureInfo.InvariantCulture, $"{path}[{items.Count}]")) is not { } item) return null;
            items.Add(item);
        }
        return items.ToImmutable();
    }

    private ImmutableArray<SpecField>? ReadFields(int level, string path)
    {
        var fields = ImmutableArray.CreateBuilder<SpecField>();
        var names = new HashSet<string>(StringComparer.Ordinal);
        while (Next() && _parser.Current is not MappingEnd)
        {
            if (Read(level + 1, path) is not { } key) return null;
            var within = key is SpecNode.Scalar { Text: var word } ? $"{path}.{Quote.Plain(word)}".TrimStart('.') : path;
            if (!Next() || Read(level + 1, within) is not { } value) return null;
            if (key is not SpecNode.Scalar { Text: var field })
                Fault(key.Line, key.Column, path, "a list or mapping stands where a key belongs: write a word");
            else if (!names.Add(field)) Fault(key.Line, key.Column, within, "the key stands in the mapping already: take one out");
            else fields.Add(new(field, value, key.Line, key.Column));
        }
        return fields.ToImmutable();
    }

    private void JudgeNode(ParsingEvent current, string path)
    {
        var (line, column) = ((int)current.Start.Line, (int)current.Start.Column);
        if (current is AnchorAlias) Fault(line, column, path, "an alias stands here: write the value itself");
        if (current is not NodeEvent node) return;
        if (!node.Anchor.IsEmpty) Fault(line, column, path, "an anchor stands here: take it out, and write each value where it belongs");
        if (!node.Tag.IsEmpty) Fault(line, column, path, "a tag stands here: take it out");
        if (node is Scalar { Value: var value } && value.FirstOrDefault(IsForbidden, ' ') is not ' ' and var letter)
            Fault(line, column, path,
                string.Create(CultureInfo.InvariantCulture, $"the character U+{(int)letter:X4} may not stand in a value: take it out"));
    }

    // Line ends and tabs are text, such as a prompt's; other control characters have no business in a file.
    private static bool IsForbidden(char letter) => char.IsControl(letter) && letter is not ('\t' or '\n' or '\r');

    private void JudgeDirectives(DocumentStart start)
    {
        for (var line = (int)_lastLine; line < start.End.Line && line < _lines.Length; line++)
        {
            if (_lines[line].StartsWith('%')) Fault(line + 1, 1, "", "a directive stands here: take the line out");
        }
    }

    private SpecNode? Stop(int line, int column, string path, string message)
    {
        Fault(line, column, path, message);
        _isRefused = true;
        return null;
    }

    private void Fault(int line, int column, string path, string message) => faults.Add(new(name, line, column, path, message));
}
