using System.Text.Json;
using System.Text.RegularExpressions;
using Xunit.Abstractions;

namespace AgentCanary.EndToEnd.Tests.Architecture;

/// <summary>The rules of <c>docs/architecture.md</c> that the compiler cannot keep by itself.</summary>
public sealed class ArchitectureTests(ITestOutputHelper output)
{
    private const int MostLines = 400;

    private static readonly IReadOnlyList<SourceFile> Sources = Repository.SourcesOf("src");

    // What each feature of the core may name beside the nouns. What it reaches through these, it may name as well.
    private static readonly Dictionary<string, string[]> CoreDirections = new()
    {
        [""] = [],
        ["Routing"] = [],
        ["Metrics"] = [],
        ["Spec"] = [],
        ["Analysis"] = ["Metrics"],
        ["Control"] = ["Analysis", "Spec", "Routing"],
        ["Protocols"] = ["Metrics"],
        ["Planning"] = ["Control"],
        ["Shadow"] = ["Metrics"],
        ["Rescue"] = ["Protocols", "Shadow"],
    };

    public static TheoryData<string> Projects => [.. SourceProject.All.Select(project => project.Name)];

    [Fact]
    public void Every_source_project_is_listed_with_its_directions() => Assert.Equal(
        Directory.EnumerateDirectories(Repository.PathOf("src")).Where(folder => Directory.EnumerateFiles(folder, "*.csproj").Any())
            .Select(folder => Path.GetFileName(folder)).Order(StringComparer.Ordinal),
        SourceProject.All.Select(project => project.Name).Order(StringComparer.Ordinal));

    [Theory, MemberData(nameof(Projects))]
    public void A_project_references_only_what_its_directions_allow(string name)
    {
        var project = Find(name);
        var references = project.ReadProjectFile().Descendants("ProjectReference")
            .Where(reference => (string?)reference.Attribute("ReferenceOutputAssembly") is not "false")
            .Select(reference => Path.GetFileNameWithoutExtension(((string)reference.Attribute("Include")!).Replace('\\', '/')));
        AssertNone(references.Except(project.MayReference));
        var known = Reach(project).Select(reached => reached.Name);
        var assemblies = project.Assembly.GetReferencedAssemblies().Select(assembly => assembly.Name!);
        AssertNone(assemblies.Where(assembly => assembly.StartsWith("AgentCanary", StringComparison.Ordinal)).Except(known));
    }

    [Fact]
    public void Core_needs_no_package_but_analyzers()
    {
        Assert.Empty(Find("AgentCanary.Core").ReadProjectFile().Descendants("PackageReference"));
        using var locked = JsonDocument.Parse(File.ReadAllText(Repository.PathOf("src", "AgentCanary.Core", "packages.lock.json")));
        var packages = locked.RootElement.GetProperty("dependencies").EnumerateObject()
            .SelectMany(framework => framework.Value.EnumerateObject());
        Assert.All(packages, package => Assert.EndsWith("Analyzers", package.Name, StringComparison.Ordinal));
    }

    [Fact]
    public void Inside_core_a_feature_names_only_the_features_that_its_directions_allow()
    {
        var edges = FeatureGraph.Of("AgentCanary.Core", "AgentCanary", Sources).Edges;
        Assert.NotEmpty(edges);
        AssertNone(edges.Where(edge => !Allowed(edge.From).Contains(edge.To))
            .Select(edge => edge.ToString()));
    }

    [Theory, MemberData(nameof(Projects))]
    public void No_features_of_a_project_form_a_ring(string name) =>
        AssertNone(FeatureGraph.Of(name, Find(name).RootNamespace, Sources).FindRing());

    [Theory]
    [InlineData("YamlDotNet", "AgentCanary.Server/Files")]
    [InlineData("Yarp", "AgentCanary.Server")]
    [InlineData("Microsoft.AspNetCore", "AgentCanary.Server")]
    [InlineData("Microsoft.Extensions.AI", "AgentCanary")]
    [InlineData("Microsoft.Data.Sqlite", "AgentCanary.Storage/Sqlite")]
    [InlineData("Npgsql", "AgentCanary.Storage/Postgres")]
    [InlineData("System.CommandLine", "AgentCanary.Cli")]
    [InlineData("Spectre.Console", "AgentCanary.Cli")]
    public void A_foreign_library_is_known_in_one_place(string library, string place)
    {
        var naming = new Regex($@"^using (?:static |\w+ = )?(?:global::)?{Regex.Escape(library)}\b", RegexOptions.Multiline);
        AssertNone(Sources.Where(file => naming.IsMatch(file.Code) && !file.Path.StartsWith($"src/{place}/", StringComparison.Ordinal))
            .Select(file => file.Path));
    }

    [Fact]
    public void A_file_has_the_namespace_of_its_folder()
    {
        var wrong = from file in Sources
                    let expected = $"{Find(file.Project).RootNamespace}.{file.Folder}".TrimEnd('.')
                    where file.Namespace is { } found && found != expected && !IsNamedByUsers(file.Path)
                    select $"{file.Path} is in {file.Namespace}, not {expected}";
        AssertNone(wrong);
    }

    // A decision rests on checks and commands, so it stands with the machine that makes it; users name it with one using line like the nouns.
    private static bool IsNamedByUsers(string path) => path == "src/AgentCanary.Core/Control/Decision.cs";

    [Fact]
    public void A_file_holds_one_top_level_type_and_has_its_name()
    {
        var files = Sources.Concat(Repository.SourcesOf("test")).Where(file => file.Namespace is not null).ToList();
        Assert.NotEmpty(files);
        AssertNone(files.Where(file => !file.TopLevelTypes.SequenceEqual([file.Name]))
            .Select(file => $"{file.Path} holds [{string.Join(", ", file.TopLevelTypes)}]"));
    }

    [Fact]
    public void No_file_is_longer_than_four_hundred_lines()
    {
        foreach (var folder in new[] { "src", "test" })
        {
            var files = Repository.SourcesOf(folder).OrderBy(file => file.Lines.Length).ToList();
            var (median, p90, longest) = (files[files.Count / 2], files[files.Count * 9 / 10], files[^1]);
            output.WriteLine($"{folder}: {files.Count} files, median {median.Lines.Length} lines (goal 60), p90 {p90.Lines.Length} "
                + $"(goal {(folder is "src" ? 170 : 250)}), longest {longest.Lines.Length}: {longest.Path}");
            AssertNone(files.Where(file => file.Lines.Length > MostLines).Select(file => $"{file.Path}: {file.Lines.Length} lines"));
        }
    }

    [Theory, MemberData(nameof(Projects))]
    public void No_type_has_a_name_that_says_nothing(string name) => AssertNone(Find(name).Assembly.GetTypes()
        .Where(type => !type.FullName!.Contains('<', StringComparison.Ordinal) && EmptyWords.IsIn(type)).Select(type => type.FullName!));

    private static void AssertNone(IEnumerable<string> faults)
    {
        var all = faults.ToList();
        Assert.True(all.Count == 0, string.Join('\n', all));
    }

    private static SourceProject Find(string name) => SourceProject.All.Single(project => project.Name == name);

    private static IEnumerable<SourceProject> Reach(SourceProject project) =>
        project.MayReference.Select(Find).SelectMany(reference => Reach(reference).Prepend(reference));

    private static IEnumerable<string> Allowed(string feature) => CoreDirections.TryGetValue(feature, out var direct)
        ? direct.Concat(direct.SelectMany(Allowed))
        : throw new InvalidOperationException(
            $"'{feature}' is a new feature of the core: give it its directions here and in docs/architecture.md.");
}
