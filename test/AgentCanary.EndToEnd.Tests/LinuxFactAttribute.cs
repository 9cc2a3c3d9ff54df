namespace AgentCanary.EndToEnd.Tests;

/// <summary>A fact that needs signals and /proc; elsewhere it is skipped by name.</summary>
internal sealed class LinuxFactAttribute : FactAttribute
{
    public LinuxFactAttribute()
    {
        if (!OperatingSystem.IsLinux()) Skip = "needs Linux: signals and /proc";
    }
}
