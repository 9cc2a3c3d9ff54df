using System.ComponentModel;
using System.Diagnostics;
using System.Globalization;
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
        // npm writes its own lock file last, when everything has been installed.
        var (wanted, installed) = (new FileInfo(Path.Combine(folder, "package-lock.json")), new FileInfo(Path.Combine(folder, "node_modules", ".package-lock.json")));
        return installed.Exists && installed.LastWriteTimeUtc >= wanted.LastWriteTimeUtc ? null : "needs the packages of test/clients: run npm ci there";
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
