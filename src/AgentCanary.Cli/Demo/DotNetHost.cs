using System.Runtime.InteropServices;

namespace AgentCanary.Cli.Demo;

/// <summary>Finds the program that runs assemblies: the one this process runs on, so the children get the same runtime.</summary>
internal static class DotNetHost
{
    public static string Find()
    {
        var name = OperatingSystem.IsWindows() ? "dotnet.exe" : "dotnet";
        if (Environment.ProcessPath is { } self && Path.GetFileName(self) == name) return self;
        // The runtime lives in ROOT/shared/NAME/VERSION/, the program in ROOT.
        var beside = Path.GetFullPath(Path.Combine(RuntimeEnvironment.GetRuntimeDirectory(), "..", "..", "..", name));
        return File.Exists(beside) ? beside : name;
    }
}
