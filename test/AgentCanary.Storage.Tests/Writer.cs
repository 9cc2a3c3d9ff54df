using System.Diagnostics;
using System.Globalization;

namespace AgentCanary.Storage.Tests;

/// <summary>A process that writes revisions to a store and says each one that was acknowledged (see Program.cs).</summary>
public sealed class Writer : IDisposable
{
    private readonly Process _process;

    private Writer(Process process) => _process = process;

    /// <summary>Gets the newest acknowledged revision that the process has said.</summary>
    public long Acknowledged { get; private set; }

    /// <summary>Gets what it said last, but for revisions.</summary>
    public string LastWords { get; private set; } = "";

    /// <summary>Starts a process that waits for <see cref="Go"/>.</summary>
    public static Writer Start(DataDirectory directory, string verb = "write", params string[] wrapper)
    {
        string[] command = [.. wrapper, "dotnet", typeof(Writer).Assembly.Location, verb, directory.Path];
        var start = new ProcessStartInfo(command[0], command[1..]) { RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = wrapper.Length > 0 };
        return new(Process.Start(start)!);
    }

    public void Go() => _process.StandardInput.WriteLine();

    /// <summary>Reads what the process says until it has acknowledged so many revisions, or has ended.</summary>
    public async Task ReadAsync(int acknowledgements)
    {
        for (var seen = 0; seen < acknowledgements && await _process.StandardOutput.ReadLineAsync() is { } line;)
        {
            if (long.TryParse(line, NumberStyles.None, CultureInfo.InvariantCulture, out var revision)) (Acknowledged, seen) = (revision, seen + 1);
            else LastWords = line;
        }
    }

    /// <summary>Kills the process as it stands, and reads what it had still said.</summary>
    public async Task KillAsync()
    {
        _process.Kill(entireProcessTree: true);
        await ReadAsync(int.MaxValue);
        await _process.WaitForExitAsync();
    }

    public void Dispose()
    {
        if (!_process.HasExited) _process.Kill(entireProcessTree: true);
        _process.Dispose();
    }
}
