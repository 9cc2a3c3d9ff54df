using AgentCanary.EndToEnd.Tests.Architecture;

namespace AgentCanary.EndToEnd.Tests.Surface;

/// <summary>Nothing that users can name comes, goes or changes without somebody having read it.</summary>
public sealed class PublicSurfaceTests
{
    private const string Approval = "APPROVE=1 dotnet test test/AgentCanary.EndToEnd.Tests --filter PublicSurfaceTests";

    public static TheoryData<string> Projects => [.. SourceProject.All.Select(project => project.Name)];

    [Theory, MemberData(nameof(Projects))]
    public void The_public_surface_is_the_approved_one(string name)
    {
        var surface = PublicSurface.Of(SourceProject.All.Single(project => project.Name == name).Assembly);
        var file = Repository.PathOf("test", "approved", name + ".txt");
        if (Environment.GetEnvironmentVariable("APPROVE") is "1") Approve(file, surface);
        var approved = File.Exists(file) ? File.ReadAllText(file) : "";
        Assert.True(approved == surface, $"""
            The public surface of {name} is not the approved one:
            {string.Join('\n', Difference(approved, surface))}
            If that is what you want, approve it and commit the file: {Approval}
            """);
    }

    private static void Approve(string file, string surface)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(file)!);
        File.WriteAllText(file, surface);
    }

    private static IEnumerable<string> Difference(string approved, string surface)
    {
        var (before, after) = (Lines(approved), Lines(surface));
        return before.Except(after).Select(line => $"- {line}").Concat(after.Except(before).Select(line => $"+ {line}"));
    }

    // A member's line is told with its type, for many types have a member of the same words.
    private static List<string> Lines(string surface)
    {
        var type = "";
        return [.. surface.Split('\n', StringSplitOptions.RemoveEmptyEntries)
            .Select(line => line.StartsWith(' ') ? $"{type}: {line.Trim()}" : type = line)];
    }
}
