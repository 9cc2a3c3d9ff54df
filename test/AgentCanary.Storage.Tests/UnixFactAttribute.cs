namespace AgentCanary.Storage.Tests;

/// <summary>A test of what only a Unix file system has.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class UnixFactAttribute : FactAttribute
{
    public UnixFactAttribute() => Skip = OperatingSystem.IsWindows() ? "The file modes of Unix do not exist here." : null;
}
