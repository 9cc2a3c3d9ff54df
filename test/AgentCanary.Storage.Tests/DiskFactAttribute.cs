
namespace AgentCanary.Storage.Tests;

/// <summary>A test that mounts a small disk in memory, which takes Linux, root and the right to mount.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class DiskFactAttribute : FactAttribute
{
    private static readonly Lazy<string?> Obstacle = new(FindObstacle);

    public DiskFactAttribute() => Skip = Obstacle.Value;

    private static string? FindObstacle()
    {
        if (!OperatingSystem.IsLinux()) return "Small disks in memory are mounted on Linux alone.";
        if (!Environment.IsPrivilegedProcess) return "Mounting a small disk takes root.";
        using var directory = new SmallDisk(bytes: 65_536, mustMount: false);
        return directory.IsMounted ? null : "This machine does not allow to mount a small disk.";
    }
}
