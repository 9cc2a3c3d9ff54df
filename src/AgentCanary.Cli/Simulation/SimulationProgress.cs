using System.Diagnostics;
using System.Globalization;

namespace AgentCanary.Cli.Simulation;

/// <summary>Shows on a terminal how far a simulation has come, on one line that it takes away at the end. Thread-safe.</summary>
/// <param name="screen">Where it is shown; null shows nothing.</param>
/// <param name="runs">How many rollouts there will be.</param>
internal sealed class SimulationProgress(TextWriter? screen, int runs) : IDisposable
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(200);
    private readonly Stopwatch _clock = Stopwatch.StartNew();
    private readonly Lock _gate = new();
    private TimeSpan _shown;
    private int _width;

    /// <summary>Shows it.</summary>
    /// <param name="done">How many rollouts are finished.</param>
    public void Show(int done)
    {
        if (screen is null) return;
        lock (_gate)
        {
            var now = _clock.Elapsed;
            if (now - _shown < Pause) return;
            _shown = now;
            var left = now * ((runs - done) / (double)done);
            Write(string.Create(CultureInfo.InvariantCulture, $"{done:N0} of {runs:N0} rollouts, about {Math.Ceiling(left.TotalSeconds):0} s left"));
        }
    }

    public void Dispose()
    {
        if (_width > 0) Write("");
    }

    private void Write(string text)
    {
        screen!.Write($"\r{text.PadRight(_width)}{(text.Length == 0 ? "\r" : "")}");
        screen.Flush();
        _width = text.Length;
    }
}
