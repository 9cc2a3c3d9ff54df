using Microsoft.Extensions.Logging;

namespace AgentCanary.Server.Gateway;

/// <summary>Says of each line which agent it concerns, where who writes it knows of none. Thread-safe as the logger within.</summary>
internal sealed class AgentLogger(ILogger log, string agent) : ILogger
{
    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => log.BeginScope(state);

    public bool IsEnabled(LogLevel logLevel) => log.IsEnabled(logLevel);

    public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
        log.Log(logLevel, eventId, state, exception, (told, fault) => $"Agent {agent}: {formatter(told, fault)}");
}
