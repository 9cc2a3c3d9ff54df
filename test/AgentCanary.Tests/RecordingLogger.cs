using System.Collections.Concurrent;
using AgentCanary.Testing;
using Microsoft.Extensions.Logging;

namespace AgentCanary.Tests;

/// <summary>Keeps what was logged.</summary>
internal sealed class RecordingLogger : ILogger
{
    private readonly SemaphoreSlim _logged = new(0);

    public ConcurrentQueue<(int Id, string Message, Exception? Exception)> Lines { get; } = [];

    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    public bool IsEnabled(LogLevel logLevel) => true;

    public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
    {
        Lines.Enqueue((eventId.Id, formatter(state, exception), exception));
        _logged.Release();
    }

    /// <summary>Waits for one line more.</summary>
    public async Task NextAsync() => Assert.True(await _logged.WaitAsync(Eventually.Limit), "Nothing was logged.");
}
