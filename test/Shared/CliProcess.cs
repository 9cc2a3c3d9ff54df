using System.Diagnostics;
using System.Text;

namespace AgentCanary.Testing;

/// <summary>Runs the command as users do: as a process of its own.</summary>
public sealed class CliProcess : IDisposable
{
    private readonly Process _process;
    private readonly Task<string> _output;
    private readonly Task<string> _error;
    private readonly StringBuilder _lines = new();

    private CliProcess(Process process)
    {
        _process = process;
        _output = ReadAsync(process.StandardOutput);
        _error = process.StandardError.ReadToEndAsync();
    }

    /// <summary>Gets what was printed so far.</summary>
    public string PrintedSoFar
    {
        get
        {
            lock (_lines) return _lines.ToString();
        }
    }

    public static CliProcess Start(IEnumerable<string> arguments, params (string Name, string Value)[] environment)
    {
        var start = new ProcessStartInfo("dotnet") { RedirectStandardOutput = true, RedirectStandardError = true, RedirectStandardInput = true };
        start.ArgumentList.Add(Path.Combine(AppContext.BaseDirectory, "AgentCanary.Cli.dll"));
        foreach (var argument in arguments) start.ArgumentList.Add(argument);
        foreach (var (name, value) in environment) start.Environment[name] = value;
        return new(Process.Start(start)!);
    }

    public static async Task<CliResult> RunAsync(IEnumerable<string> arguments, params (string Name, string Value)[] environment)
    {
        using var process = Start(arguments, environment);
        process._process.StandardInput.Close();
        return await process.EndAsync();
    }

    /// <summary>Writes all of standard input.</summary>
    public async Task WriteAsync(string input)
    {
        await _process.StandardInput.WriteAsync(input);
        _process.StandardInput.Close();
    }

    public async Task<CliResult> EndAsync()
    {
        using var timeout = new CancellationTokenSource(Eventually.Limit);
        await _process.WaitForExitAsync(timeout.Token);
        return new(_process.ExitCode, await _output, await _error);
    }

    public void Dispose()
    {
        if (!_process.HasExited) _process.Kill(entireProcessTree: true);
        _process.Dispose();
    }

    private async Task<string> ReadAsync(StreamReader reader)
    {
        while (await reader.ReadLineAsync() is { } line)
        {
            lock (_lines) _lines.Append(line).Append('\n');
        }
        return PrintedSoFar;
    }
}
