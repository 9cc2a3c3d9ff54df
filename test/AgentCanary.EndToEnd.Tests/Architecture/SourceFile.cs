using System.Text.RegularExpressions;

namespace AgentCanary.EndToEnd.Tests.Architecture;

/// <summary>One C# file, as far as the rules of the tree ask.</summary>
/// <param name="Path">The path from the root, with slashes.</param>
/// <param name="Lines">The lines.</param>
internal sealed partial record SourceFile(string Path, string[] Lines)
{
    /// <summary>Gets the project's name, such as <c>AgentCanary.Core</c>.</summary>
    public string Project => Path.Split('/')[1];

    /// <summary>Gets the folders below the project, dotted: empty for the project's own folder.</summary>
    public string Folder => string.Join('.', Path.Split('/')[2..^1]);

    /// <summary>Gets the first folder below the project, which is a feature; empty for the project's own folder.</summary>
    public string Feature => Folder.Split('.')[0];

    /// <summary>Gets the name up to its first dot: <c>Loop</c> for <c>Loop.Tick.cs</c>.</summary>
    public string Name => System.IO.Path.GetFileName(Path).Split('.')[0];

    /// <summary>Gets the namespace, or null in a file of top-level statements.</summary>
    public string? Namespace =>
        Lines.Select(line => NamespaceLine().Match(line)).FirstOrDefault(match => match.Success)?.Groups[1].Value;

    /// <summary>Gets the names of the types that are not nested.</summary>
    public IEnumerable<string> TopLevelTypes =>
        Lines.Select(line => TypeLine().Match(line)).Where(match => match.Success).Select(match => match.Groups[1].Value);

    /// <summary>Gets the code without comments, documentation and the line of the namespace.</summary>
    public string Code => string.Join('\n', Lines
        .Where(line => !NamespaceLine().IsMatch(line))
        .Select(line => CommentTail().Replace(line, "")));

    public static SourceFile Read(string root, string file) =>
        new(System.IO.Path.GetRelativePath(root, file).Replace('\\', '/'), File.ReadAllLines(file));

    [GeneratedRegex(@"^namespace ([\w.]+)")]
    private static partial Regex NamespaceLine();

    // File-scoped namespaces leave top-level types, and only them, at the start of a line.
    [GeneratedRegex(@"^(?:(?:public|internal|file|static|sealed|abstract|readonly|partial|ref|unsafe)\s+)*"
        + @"(?:record\s+(?:class|struct)|class|struct|record|interface|enum|delegate\s+\S+)\s+(\w+)")]
    private static partial Regex TypeLine();

    [GeneratedRegex(@"^\s*//.*|\s//\s.*$")]
    private static partial Regex CommentTail();
}
