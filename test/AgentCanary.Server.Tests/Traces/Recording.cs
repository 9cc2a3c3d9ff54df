using System.Text;
using AgentCanary.Planning;
using AgentCanary.Spec;
using AgentCanary.Testing;
using Microsoft.Extensions.Logging;

namespace AgentCanary.Server.Traces;

/// <summary>A recorder on a directory of its own, with a clock that the test moves.</summary>
internal sealed class Recording : ILogger<TraceRecorder>, IAsyncDisposable
{
    private readonly DirectoryInfo _directory = Directory.CreateTempSubdirectory("trace-test-");
    private readonly List<string> _logged = [];
    private TraceRecorder? _recorder;

    public string File => Path.Combine(_directory.FullName, "trace.ndjson");

    public ManualTimeProvider Time { get; } = new();

    public TraceCounters Counters { get; private set; } = new();

    public string[] Logged
    {
        get { lock (_logged) return [.. _logged]; }
    }

    public IEnumerable<string> Files => Directory.EnumerateFiles(_directory.FullName).Select(file => Path.GetFileName(file)!).Order(StringComparer.Ordinal);

    /// <summary>Begins a recording, as a server does at its start.</summary>
    public async Task<TraceRecorder> StartAsync(Func<TraceOptions, TraceOptions>? with = null, Func<TraceOptions, TracePieces>? pieces = null)
    {
        var options = (with ?? (same => same))(new() { Path = File });
        Counters = new();
        _recorder = new(options, (pieces ?? (one => new(one)))(options), Counters, Time, this);
        await _recorder.StartAsync(CancellationToken.None);
        return _recorder;
    }

    /// <summary>Ends the recording, as a server does when it is asked to stop.</summary>
    public async Task StopAsync()
    {
        await _recorder!.StopAsync(CancellationToken.None);
        _recorder.Dispose();
    }

    public void Record(string? key, Arm arm = Arm.Canary, Outcome outcome = default, string agent = "support-agent") =>
        _recorder!.OnOutcome(agent, new() { Arm = arm }, outcome, key, Time.GetUtcNow());

    public string TextOf(string name) => System.IO.File.ReadAllText(Path.Combine(_directory.FullName, name));

    /// <summary>Reads files as <c>replay</c> does.</summary>
    public TraceOutcome[] Read(params IEnumerable<string> names)
    {
        var reader = new TraceReader(FakeRollouts.Spec() with { Stages = [new(Weight.Full) { Checks = [Check.Parse("score.quality > 0.5")] }] });
        foreach (var name in names) reader.Add(Encoding.UTF8.GetBytes(TextOf(name)));
        var reading = reader.Finish();
        Assert.Empty(reading.Faults);
        return reading.Trace!.Outcomes.ToArray();
    }

    public async ValueTask DisposeAsync()
    {
        if (_recorder is not null) await StopAsync();
        _directory.Delete(recursive: true);
    }

    IDisposable? ILogger.BeginScope<TState>(TState state) => null;

    bool ILogger.IsEnabled(LogLevel logLevel) => true;

    void ILogger.Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
    {
        lock (_logged) _logged.Add($"{logLevel}: {formatter(state, exception)}");
    }
}
