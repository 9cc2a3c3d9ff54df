using System.Collections.Immutable;
using System.Globalization;
using AgentCanary.Spec;

namespace AgentCanary.Server.Files;

/// <summary>
/// Looks at the bare text before any parser does: no letter that hides or deceives, and no nesting that would cost time or stack.
/// </summary>
internal static class TextScan
{
    // Far above the real limit, because brackets within text are counted too; far below what a parser's time or stack would notice.
    private const int MostOpenBrackets = 512;
    private const int MostDashes = 512;

    private static readonly string Flatter = $"at most {RolloutFileReader.MostLevels} levels are allowed";

    public static bool Judge(string name, string text, ImmutableArray<SpecFault>.Builder faults)
    {
        var (open, dashes) = (0, 0);
        for (var i = 0; i < text.Length; i++)
        {
            var letter = text[i];
            if (IsHidden(letter))
                return Refuse(i, string.Create(CultureInfo.InvariantCulture,
                    $"the character U+{(int)letter:X4} may not stand in a file: take it out, or write it as an escape in double quotes"));
            open += letter is '[' or '{' ? 1 : letter is ']' or '}' && open > 0 ? -1 : 0;
            dashes = letter is '-' or '?' ? dashes + 1 : letter is ' ' or '\t' ? dashes : 0;
            if (open > MostOpenBrackets) return Refuse(i, $"more than {MostOpenBrackets} brackets are open here: {Flatter}");
            if (dashes > MostDashes) return Refuse(i, $"more than {MostDashes} lists begin on this line: {Flatter}");
        }
        return true;

        bool Refuse(int index, string message)
        {
            var (line, column) = PlaceOf(text, index);
            faults.Add(new(name, line, column, "", message));
            return false;
        }
    }

    /// <summary>The line and column of an index, both from 1.</summary>
    public static (int Line, int Column) PlaceOf(string text, int index)
    {
        var before = text.AsSpan(0, index);
        var line = 1 + before.Count('\n') + before.Count('\r') - before.Count("\r\n");
        return (line, index - before.LastIndexOfAny('\n', '\r'));
    }

    /// <summary>The place of the first tab that indents a line; the first place of the text where none does.</summary>
    public static (int Line, int Column) FirstTabbedLine(string text)
    {
        var lines = text.ReplaceLineEndings("\n").Split('\n');
        var index = Array.FindIndex(lines, line => line.TrimStart(' ').StartsWith('\t') && line.AsSpan().Trim().Length > 0);
        return index < 0 ? (1, 1) : (index + 1, lines[index].IndexOf('\t', StringComparison.Ordinal) + 1);
    }

    // Control characters; and the separators that YAML takes for line ends while editors do not, so that places would be wrong.
    public static bool IsHidden(char letter) =>
        (char.IsControl(letter) && letter is not ('\t' or '\n' or '\r'))
            || letter is '\u2028' or '\u2029' or '\uFEFF' or '\uFFFE' or '\uFFFF';
}
