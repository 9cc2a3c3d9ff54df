using System.Collections.Concurrent;
using AgentCanary.Control;
using AgentCanary.Routing;

namespace AgentCanary.Server.Pins;

/// <summary>The pins of all agents of this process: the gateway learns and finds them, the keeper writes them, the controller counts them. Thread-safe.</summary>
public sealed class PinBoard : IDisposable
{
    private readonly ConcurrentDictionary<string, PinTable> _tables = new(StringComparer.Ordinal);
    private readonly SemaphoreSlim _news = new(0, 1);
    private readonly ConcurrentDictionary<(string Agent, string Version), CancellationTokenSource> _cuts = new();
    private int _hasNews;

    /// <inheritdoc/>
    public void Dispose() => _news.Dispose();

    /// <summary>Counts the conversations of a rollout's versions.</summary>
    /// <param name="state">The rollout.</param>
    /// <param name="now">The time.</param>
    public PinCounts Count(RolloutState state, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(state);
        if (!_tables.TryGetValue(state.Agent, out var table)) return default;
        var seconds = Pin.SecondsOf(now);
        return new(table.Count(Pin.VersionOf(state.Spec.Canary.Version), seconds), table.Count(Pin.VersionOf(state.Spec.Stable.Version), seconds));
    }

    /// <summary>Ends every call that a canary has under way, where it may be ended: its rollout was rolled back, and the file says cut. Calls of other versions go on, also of one that was the canary once.</summary>
    /// <param name="agent">The agent's name.</param>
    /// <param name="version">The canary's version.</param>
    public void Cut(string agent, string version)
    {
        // Elsewhere: thousands of streams end by their own code, and the rollback that asks for it still has to be written.
        if (_cuts.TryRemove((agent, version), out var cut)) _ = cut.CancelAsync();
    }

    /// <summary>Lets what earlier canaries of an agent have under way finish in any case: no later cut is meant for it.</summary>
    internal void ReleaseAllBut(string agent, string canary)
    {
        foreach (var (key, _) in _cuts)
        {
            if (key.Agent == agent && key.Version != canary) _cuts.TryRemove(key, out _);
        }
    }

    /// <summary>Gets what is cancelled at the next cut of a version.</summary>
    internal CancellationToken CutOf(string agent, string version) => _cuts.GetOrAdd((agent, version), static _ => new()).Token;

    /// <summary>Gets the pins of an agent, made at the first call. Agents come from rollout files, so there are few.</summary>
    internal PinTable Of(string agent) => _tables.GetOrAdd(agent, static _ => new());

    /// <summary>Gets the pins of every agent.</summary>
    internal IEnumerable<KeyValuePair<string, PinTable>> All => _tables;

    /// <summary>Notes that there is something to write. Hot: nothing but one exchange, unless it is the first news since the last look.</summary>
    internal void Tell()
    {
        if (Interlocked.Exchange(ref _hasNews, 1) != 0) return;
        try
        {
            _news.Release();
        }
        catch (Exception fault) when (fault is SemaphoreFullException or ObjectDisposedException)
        {
            // Somebody looks already, or the server has stopped: what is learned now is not kept.
        }
    }

    /// <summary>Waits for news, at most so long.</summary>
    internal async Task WaitAsync(TimeSpan limit, CancellationToken cancellationToken)
    {
        await _news.WaitAsync(limit, cancellationToken);
        Volatile.Write(ref _hasNews, 0);
    }
}
