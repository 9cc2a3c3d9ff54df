using System.Diagnostics;
using System.Globalization;
using System.Net.Sockets;

namespace AgentCanary.GatewayBench;

/// <summary>A process that was started to be measured, with the processes that it started itself.</summary>
internal sealed class ChildProgram : IDisposable
{
    private const double TicksPerSecond = 100; // USER_HZ of Linux
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly Process _process;
    private readonly string _log;

    private ChildProgram(Process process, string log) => (_process, _log) = (process, log);

    /// <summary>Starts a program and waits until its port answers.</summary>
    /// <exception cref="InvalidOperationException">It ended, or the port stayed closed for half a minute.</exception>
    public static async Task<ChildProgram> StartAsync(string file, IEnumerable<string> arguments, int port, string log, CancellationToken cancellation)
    {
        // The shell sends the output to a file, so that nobody has to read a pipe while others are measured.
        var start = new ProcessStartInfo("/bin/sh", ["-c", "exec \"$@\" > \"$0\" 2>&1", log, file, .. arguments]);
        var program = new ChildProgram(Process.Start(start)!, log);
        try
        {
            await program.WaitForAsync(port, cancellation);
            return program;
        }
        catch
        {
            program.Dispose();
            throw;
        }
    }

    /// <summary>Gets the processor time that it has used so far, in user and system mode.</summary>
    public TimeSpan ProcessorTime => TimeSpan.FromSeconds(Ids.Sum(TicksOf) / TicksPerSecond);

    /// <summary>Gets the memory that is in use now, in MiB.</summary>
    public double MemoryMebibytes => Ids.Sum(id => KibibytesOf(id)) / 1024;

    /// <summary>Gets its process and the processes that it started.</summary>
    public IReadOnlyList<int> Ids
    {
        get
        {
            var children = File.ReadAllText($"/proc/{_process.Id}/task/{_process.Id}/children");
            return [_process.Id, .. children.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(int.Parse)];
        }
    }

    public void Dispose()
    {
        if (!_process.HasExited) _process.Kill(entireProcessTree: true);
        _process.WaitForExit();
        _process.Dispose();
    }

    private async Task WaitForAsync(int port, CancellationToken cancellation)
    {
        for (var began = Stopwatch.StartNew(); began.Elapsed < Patience && !_process.HasExited; await Task.Delay(50, cancellation))
        {
            try
            {
                using var probe = new TcpClient();
                await probe.ConnectAsync("127.0.0.1", port, cancellation);
                return;
            }
            catch (SocketException)
            {
                // Not yet.
            }
        }

        throw new InvalidOperationException($"Nothing answers on port {port}. The program's last words, from {_log}:\n{File.ReadAllText(_log)}");
    }

    // Fields 14 and 15 of proc(5), counted after the name, which may hold anything but ends at the last bracket.
    private static double TicksOf(int id)
    {
        var stat = File.ReadAllText($"/proc/{id}/stat");
        var fields = stat[(stat.LastIndexOf(')') + 2)..].Split(' ');
        return double.Parse(fields[11], CultureInfo.InvariantCulture) + double.Parse(fields[12], CultureInfo.InvariantCulture);
    }

    private static double KibibytesOf(int id) => double.Parse(
        File.ReadLines($"/proc/{id}/status").First(line => line.StartsWith("VmRSS:", StringComparison.Ordinal)).Split(' ', StringSplitOptions.RemoveEmptyEntries)[1],
        CultureInfo.InvariantCulture);
}
