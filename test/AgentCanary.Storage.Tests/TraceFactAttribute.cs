using System.Diagnostics;

namespace AgentCanary.Storage.Tests;

/// <summary>A test that makes system calls fail, which takes strace and the right to trace.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class TraceFactAttribute : FactAttribute
{
    private static readonly Lazy<bool> CanTrace = new(TryTrace);

    public TraceFactAttribute() => Skip = CanTrace.Value ? null : "Making a sync fail takes strace, and this machine has none or does not let it trace.";

    private static bool TryTrace()
    {
        try
        {
            var start = new ProcessStartInfo("strace", ["-f", "-qq", "-o", "/dev/null", "-e", "inject=fdatasync:error=EIO", "true"]) { RedirectStandardError = true };
            using var process = Process.Start(start)!;
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
