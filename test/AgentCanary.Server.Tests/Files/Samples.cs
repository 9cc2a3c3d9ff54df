namespace AgentCanary.Server.Tests.Files;

/// <summary>The rollout files that the project ships.</summary>
internal static class Samples
{
    private static readonly string Folder = Path.Combine(AppContext.BaseDirectory, "rollouts");

    public static string[] All { get; } = Directory.GetFiles(Folder, "*.yaml");

    public static string Read(string name) => File.ReadAllText(Path.Combine(Folder, name));
}
