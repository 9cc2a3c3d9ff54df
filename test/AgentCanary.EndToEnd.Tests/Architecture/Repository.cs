namespace AgentCanary.EndToEnd.Tests.Architecture;

/// <summary>The sources that the tests were built from.</summary>
internal static class Repository
{
    /// <summary>The folder of the solution, found upwards from the tests.</summary>
    public static string Root { get; } = FindRoot(AppContext.BaseDirectory);

    public static string PathOf(params string[] parts) => Path.Combine([Root, .. parts]);

    /// <summary>Finds the hand-written C# files of one of the solution's folders, such as <c>src</c>.</summary>
    public static IReadOnlyList<SourceFile> SourcesOf(string folder) =>
    [
        .. Directory.EnumerateFiles(PathOf(folder), "*.cs", SearchOption.AllDirectories)
            .Where(file => !IsBuilt(file)).Order(StringComparer.Ordinal).Select(file => SourceFile.Read(Root, file)),
    ];

    private static bool IsBuilt(string file) => Path.GetRelativePath(Root, file).Split(Path.DirectorySeparatorChar)
        .Any(part => part is "bin" or "obj" or "node_modules" or "artifacts");

    private static string FindRoot(string from) => File.Exists(Path.Combine(from, "AgentCanary.slnx")) ? from
        : Path.GetDirectoryName(from) is { } parent ? FindRoot(parent)
        : throw new InvalidOperationException(
            $"AgentCanary.slnx is in no folder above '{AppContext.BaseDirectory}': run the tests inside the repository.");
}
