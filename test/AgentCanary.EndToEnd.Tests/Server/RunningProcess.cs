using System.Diagnostics;
using System.Text;

namespace AgentCanary.EndToEnd.Tests.Server;

/// <summary>A process of the project, as a user starts it.</summary>
internal sealed class RunningProcess : IDisposable
{
    private readonly Process _process;
    private readonly StringBuilder _output = new();
    private readonly StringBuilder _errors = new();

    public RunningProcess(string assembly, params IEnumerable<string> arguments)
        : this(new ProcessStartInfo("dotnet", [Path.Combine(AppContext.BaseDirectory, assembly), .. arguments]))
    {
    }

    public RunningProcess(ProcessStartInfo start)
    {
        (start.RedirectStandardOutput, start.RedirectStandardError) = (true, true);
        _process = new() { StartInfo = start };
        _process.OutputDataReceived += (_, line) => Append(_output, line.Data);
        _process.ErrorDataReceived += (_, line) => Append(_errors, line.Data);
        _process.Start();
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
    }

    public int Id => _process.Id;

    public string Output
    {
        get { lock (_output) return _output.ToString(); }
    }

    public string Errors
    {
        get { lock (_errors) return _errors.ToString(); }
    }

    /// <summary>Waits for the end and gives the exit code.</summary>
    public async Task<int> EndAsync()
    {
        using var limit = new CancellationTokenSource(Testing.Eventually.Limit);
        await _process.WaitForExitAsync(limit.Token);
        return _process.ExitCode;
    }

    /// <summary>Ends the process as <c>kill -9</c> does.</summary>
    public async Task KillAsync()
    {
        _process.Kill();
        await EndAsync();
    }

    /// <summary>Asks the process to stop, as a service manager does, and gives the exit code.</summary>
    public async Task<int> StopAsync()
    {
        using var kill = Process.Start("kill", ["-TERM", $"{_process.Id}"]);
        await kill.WaitForExitAsync();
        return await EndAsync();
    }

    /// <summary>Waits until the process has printed a text, and gives the rest of that line.</summary>
    public async Task<string> PrintsAsync(string text)
    {
        await Testing.Eventually.TrueAsync(() => Output.Contains(text, StringComparison.Ordinal) || _process.HasExited);
        Assert.True(Output.Contains(text, StringComparison.Ordinal), $"It ended with {(_process.HasExited ? _process.ExitCode : 0)} and never printed '{text}'.\n{Output}\n{Errors}");
        var rest = Output[(Output.IndexOf(text, StringComparison.Ordinal) + text.Length)..];
        return rest.Split('\n')[0].Trim();
    }

    public void Dispose()
    {
        if (!_process.HasExited) _process.Kill(entireProcessTree: true);
        _process.Dispose();
    }

    private static void Append(StringBuilder lines, string? line)
    {
        if (line is null) return;
        lock (lines) lines.Append(line).Append('\n');
    }
}
