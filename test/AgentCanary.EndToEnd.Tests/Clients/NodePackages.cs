using System.ComponentModel;
using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using AgentCanary.EndToEnd.Tests.Architecture;

namespace AgentCanary.EndToEnd.Tests.Clients;

/// <summary>Node and the packages of <c>test/clients</c>, which test.sh installs where it can.</summary>
internal static class NodePackages
{
    private const int OldestNode = 20;

    /// <summary>Gets what is missing and how it is had; null where everything is there.</summary>
    public static string? Missing { get; } = Find();

    private static string? Find()
    {
        if (NodeVersion() is not { } node) return $"needs node {OldestNode} or newer";
        if (node < OldestNode) return $"needs node {OldestNode} or newer, found {node}";
        var folder = Repository.PathOf("test", "clients");
        using var wanted = JsonDocument.Parse(File.ReadAllBytes(Path.Combine(folder, "package.json")));
        var missing = wanted.RootElement.GetProperty("dependencies").EnumerateObject().Where(package => !IsInstalled(folder, package.Name, package.Value.GetString())).Select(package => package.Name);
        return string.Join(", ", missing) is { Length: > 0 } names ? $"needs {names} in test/clients: run npm ci there" : null;
    }

    private static bool IsInstalled(string folder, string name, string? version)
    {
        var file = Path.Combine(folder, "node_modules", name, "package.json");
        if (!File.Exists(file)) return false;
        using var package = JsonDocument.Parse(File.ReadAllBytes(file));
        return package.RootElement.GetProperty("version").GetString() == version;
    }

    private static int? NodeVersion()
    {
        try
        {
            using var node = Process.Start(new ProcessStartInfo("node", ["--version"]) { RedirectStandardOutput = true })!;
            var version = node.StandardOutput.ReadToEnd(); // v20.20.2
            node.WaitForExit();
            return int.TryParse(version.TrimStart('v').Split('.')[0], NumberStyles.None, CultureInfo.InvariantCulture, out var major) ? major : null;
        }
        catch (Win32Exception)
        {
            return null; // there is none
        }
    }
}
