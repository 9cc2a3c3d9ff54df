using System.Diagnostics;

namespace AgentCanary.Storage.Tests;

/// <summary>A disk of few bytes in memory, mounted on a directory of its own until it is disposed.</summary>
public sealed class SmallDisk : IDisposable
{
    public SmallDisk(int bytes, bool mustMount = true)
    {
        Directory.CreateDirectory(Path);
        IsMounted = Run("mount", "-t", "tmpfs", "-o", $"size={bytes}", "tmpfs", Path);
        if (mustMount) Assert.True(IsMounted, $"No disk of {bytes} bytes could be mounted.");
    }

    public string Path { get; } = Directory.CreateTempSubdirectory("agentcanary-disk-").FullName;

    public bool IsMounted { get; }

    private string Filler => System.IO.Path.Combine(Path, "filler");

    /// <summary>Takes all the space that is left.</summary>
    public void Fill()
    {
        using var stream = new FileStream(Filler, new FileStreamOptions { Mode = FileMode.Append, Access = FileAccess.Write, BufferSize = 0 });
        var block = new byte[4096];
        try
        {
            while (true) stream.Write(block);
        }
        catch (IOException)
        {
        }
    }

    public void FreeSpace() => File.Delete(Filler);

    public bool Remount(string options) => Run("mount", "-o", $"remount,{options}", Path);

    public void Dispose()
    {
        if (IsMounted) Run("umount", "--lazy", Path);
        Directory.Delete(Path, recursive: true);
    }

    private static bool Run(string program, params string[] arguments)
    {
        try
        {
            using var process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardError = true })!;
            process.StandardError.ReadToEnd();
            process.WaitForExit();
            return process.ExitCode == 0;
        }
        catch (System.ComponentModel.Win32Exception)
        {
            return false;
        }
    }
}
