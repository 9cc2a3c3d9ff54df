using System.Collections.Immutable;
using System.Diagnostics;

namespace AgentCanary.Server.Health;

/// <summary>Runs a program as a probe, without a shell: its exit code 0 means well.</summary>
internal static class ProgramRun
{
    public static async Task<string?> RunAsync(ImmutableArray<string> command, CancellationToken cancellation)
    {
        var start = new ProcessStartInfo(command[0], command[1..]) { UseShellExecute = false, RedirectStandardInput = true };
        using var process = Process.Start(start);
        if (process is null) return $"{command[0]} did not start";
        process.StandardInput.Close();
        try
        {
            await process.WaitForExitAsync(cancellation);
        }
        catch (OperationCanceledException)
        {
            process.Kill(entireProcessTree: true);
            throw;
        }

        return process.ExitCode == 0 ? null : $"{command[0]} ended with exit code {process.ExitCode}";
    }
}
