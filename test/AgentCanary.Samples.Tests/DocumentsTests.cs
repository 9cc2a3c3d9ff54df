using System.Text.RegularExpressions;

namespace AgentCanary.Samples.Tests;

public partial class DocumentsTests
{
    private static readonly string Root = FindRoot();

    public static TheoryData<string> Documents => [.. Directory.EnumerateFiles(Root, "*.md").Concat(Directory.EnumerateFiles(Path.Combine(Root, "docs"), "*.md", SearchOption.AllDirectories))
        .Select(path => Path.GetRelativePath(Root, path)).Order(StringComparer.Ordinal)];

    [Theory]
    [MemberData(nameof(Documents))]
    public void Every_link_of_a_document_leads_to_a_file_and_a_heading_that_are_there(string document)
    {
        var path = Path.Combine(Root, document);
        var broken = Link().Matches(File.ReadAllText(path)).Select(link => link.Groups[1].Value)
            .Where(target => !target.Contains("://", StringComparison.Ordinal) && !Leads(path, target));

        Assert.Empty(broken);
    }

    private static bool Leads(string from, string target)
    {
        var (file, heading) = target.Split('#') is [var before, var after] ? (before, after) : (target, "");
        var path = file.Length == 0 ? from : Path.Combine(Path.GetDirectoryName(from)!, file);
        if (Directory.Exists(path)) return heading.Length == 0;
        return File.Exists(path) && (heading.Length == 0 || File.ReadLines(path).Any(line => line.StartsWith('#') && AnchorOf(line) == heading));
    }

    // As the usual sites make anchors: lower case, blanks to hyphens, everything else but letters, digits, hyphens and underscores gone.
    private static string AnchorOf(string heading) =>
        string.Concat(heading.TrimStart('#').Trim().ToLowerInvariant().Where(sign => char.IsLetterOrDigit(sign) || sign is ' ' or '-' or '_')).Replace(' ', '-');

    private static string FindRoot()
    {
        var directory = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(directory.FullName, "AgentCanary.slnx"))) directory = directory.Parent ?? throw new DirectoryNotFoundException("The tests do not run inside the repository.");
        return directory.FullName;
    }

    [GeneratedRegex(@"\[[^\]]*\]\(([^)\s]+)\)")]
    private static partial Regex Link();
}
