using System.Diagnostics;
using System.Text;

namespace AgentCanary.EndToEnd.Tests.Demo;

/// <summary>The demo as a person starts it: a process of its own, from a directory that is not the project's.</summary>
internal sealed class RunningDemo : IDisposable
{
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(10);

    private readonly Process _process;
    private readonly StringBuilder _output = new();
    private readonly StringBuilder _errors = new();

    public RunningDemo(params string[] arguments)
    {
        Directory = System.IO.Directory.CreateTempSubdirectory("agentcanary-test-");
        var start = new ProcessStartInfo("dotnet", [Path.Combine(AppContext.BaseDirectory, "AgentCanary.Cli.dll"), "demo", .. arguments])
        {
            WorkingDirectory = Directory.FullName,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        // The demo's own temporary files land where the test can see whether they are gone.
        start.Environment["TMPDIR"] = Directory.FullName;
        _process = new Process { StartInfo = start };
        _process.OutputDataReceived += (_, line) => Append(_output, line.Data);
        _process.ErrorDataReceived += (_, line) => Append(_errors, line.Data);
        _process.Start();
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
    }

    public DirectoryInfo Directory { get; }

    public int Id => _process.Id;

    public string Output
    {
        get { lock (_output) return _output.ToString(); }
    }

    public string Errors
    {
        get { lock (_errors) return _errors.ToString(); }
    }

    /// <summary>Gets the directories of demos that still hold data.</summary>
    public IEnumerable<DirectoryInfo> DataDirectories => Directory.EnumerateDirectories("agentcanary-demo-*");

    /// <summary>Waits for the end and returns the exit code.</summary>
    public async Task<int> ExitAsync()
    {
        using var limit = new CancellationTokenSource(Limit);
        await _process.WaitForExitAsync(limit.Token);
        return _process.ExitCode;
    }

    /// <summary>Sends a signal by name, such as TERM.</summary>
    public async Task SignalAsync(string signal)
    {
        using var kill = Process.Start("kill", ["-" + signal, Id.ToString()]);
        await kill.WaitForExitAsync();
    }

    /// <summary>Lists the processes that this one started, by their ids.</summary>
    public IReadOnlyList<int> Children() =>
    [
        .. System.IO.Directory.EnumerateDirectories("/proc").Select(path => int.TryParse(Path.GetFileName(path), out var id) ? id : 0)
            .Where(id => id > 0 && ParentOf(id) == Id),
    ];

    public static bool IsAlive(int id) => ParentOf(id) is not null;

    public void Dispose()
    {
        if (!_process.HasExited) _process.Kill(entireProcessTree: true);
        _process.Dispose();
        Directory.Delete(recursive: true);
    }

    // The parent stands two fields after the name, which is in brackets and may hold anything. A zombie is dead.
    private static int? ParentOf(int id)
    {
        try
        {
            var stat = File.ReadAllText($"/proc/{id}/stat");
            var fields = stat[(stat.LastIndexOf(')') + 2)..].Split(' ');
            return fields[0] == "Z" ? null : int.Parse(fields[1]);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    private static void Append(StringBuilder text, string? line)
    {
        if (line is null) return;
        lock (text) text.AppendLine(line);
    }
}
