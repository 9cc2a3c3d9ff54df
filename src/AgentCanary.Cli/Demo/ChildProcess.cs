using System.Collections.Concurrent;
using System.Diagnostics;

namespace AgentCanary.Cli.Demo;

/// <summary>A program that the demo started. It stops when its standard input closes, so also when the demo dies.</summary>
internal sealed class ChildProcess : IAsyncDisposable
{
    private const int KeptLines = 30;
    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(1.5);

    private readonly Process _process;
    private readonly string _name;
    private readonly ConcurrentQueue<string> _lines = new();
    private readonly TaskCompletionSource<string> _firstLine = new(TaskCreationOptions.RunContinuationsAsynchronously);

    private ChildProcess(string name, Process process)
    {
        _name = name;
        _process = process;
        process.OutputDataReceived += (_, line) => Keep(line.Data, isOutput: true);
        process.ErrorDataReceived += (_, line) => Keep(line.Data, isOutput: false);
    }

    public bool HasExited => _process.HasExited;

    /// <summary>Starts an assembly.</summary>
    public static ChildProcess Start(string name, string assembly, IEnumerable<string> arguments, string directory)
    {
        var start = new ProcessStartInfo(DotNetHost.Find(), [assembly, .. arguments])
        {
            WorkingDirectory = directory,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        // The agents' knobs are the scenario's alone.
        foreach (var knob in start.Environment.Keys.Where(key => key.StartsWith("SUPPORT_AGENT_", StringComparison.Ordinal)).ToList())
        {
            start.Environment.Remove(knob);
        }

        start.Environment[Tether.Variable] = "1";
        var child = new ChildProcess(name, new Process { StartInfo = start });
        child._process.Start();
        child._process.BeginOutputReadLine();
        child._process.BeginErrorReadLine();
        return child;
    }

    /// <summary>Waits for the first line of the program's output.</summary>
    /// <exception cref="DemoException">The program ended without one.</exception>
    public async Task<string> ReadFirstLineAsync(CancellationToken cancellationToken)
    {
        await Task.WhenAny(_firstLine.Task, _process.WaitForExitAsync(cancellationToken));
        cancellationToken.ThrowIfCancellationRequested();
        return _firstLine.Task.IsCompleted ? await _firstLine.Task : throw Died();
    }

    /// <summary>Says that the program ended too early, and its last words.</summary>
    public DemoException Died()
    {
        _process.WaitForExit(); // the last lines may still be on their way
        return new DemoException($"The {_name} ended with exit code {_process.ExitCode}. Its last words:{Environment.NewLine}{string.Join(Environment.NewLine, _lines)}");
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited) await StopAsync();
        _process.Dispose();
    }

    private async Task StopAsync()
    {
        try
        {
            _process.StandardInput.Close();
            await _process.WaitForExitAsync().WaitAsync(Grace);
        }
        catch (Exception error) when (error is TimeoutException or IOException)
        {
            _process.Kill(entireProcessTree: true);
            await _process.WaitForExitAsync();
        }
    }

    private void Keep(string? line, bool isOutput)
    {
        if (line is null) return;
        _lines.Enqueue(line);
        if (_lines.Count > KeptLines) _lines.TryDequeue(out _);
        if (isOutput) _firstLine.TrySetResult(line);
    }
}
