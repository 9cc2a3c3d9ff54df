using System.Collections.Immutable;
using AgentCanary.Control;
using AgentCanary.Routing;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace AgentCanary.Server.Pins;

/// <summary>
/// Keeps pins in the store, so that a restart goes on with every conversation. It writes within about 0.1 s of the learning, never makes a request wait, and
/// forgets the canary's pins where a rollout was rolled back and nothing drains. Its methods belong to one caller at a time.
/// </summary>
internal sealed class PinKeeper(PinBoard board, IPinStore store, RolloutRegistry registry, TimeProvider time, ILogger<PinKeeper> log) : BackgroundService
{
    // One write at a time, and not more often than this: a burst of new conversations is one sync of the disk, not one each.
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan LongestWait = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan TrimEvery = TimeSpan.FromMinutes(10);

    private readonly Pin[] _batch = new Pin[4096];

    // What memory has forgotten and the store has not yet.
    private readonly Dictionary<string, uint> _forgotten = [];
    private long _trimmedAt;

    /// <summary>Reads what the store knows of every published agent. A store that fails leaves them unknown: it was told, and traffic goes on.</summary>
    public async Task LoadAsync(CancellationToken cancellationToken)
    {
        var now = Now;
        foreach (var agent in registry.Current.Keys)
        {
            try
            {
                var table = board.Of(agent);
                foreach (var row in await store.ReadAsync(agent, now, PinTable.DefaultCapacity, cancellationToken)) table.Keep(row.Pin, now, isWritten: true);
            }
            catch (StoreUnavailableException fault)
            {
                log.PinsNotRead(agent, fault);
            }
        }
    }

    /// <summary>Forgets what a rollback has released, and writes what is new.</summary>
    public async Task KeepAsync(CancellationToken cancellationToken)
    {
        foreach (var (agent, runtime) in registry.Current) await ReleaseAsync(agent, runtime, cancellationToken);
        foreach (var (agent, table) in board.All)
        {
            while (await WriteAsync(agent, table, cancellationToken))
            {
            }
        }
    }

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        _trimmedAt = time.GetTimestamp();
        try
        {
            while (true)
            {
                await board.WaitAsync(LongestWait, stoppingToken);
                await RoundAsync(stoppingToken);
                await Task.Delay(Pause, time, stoppingToken);
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // The server stops; what was learned last is kept below.
        }

        await RoundAsync(CancellationToken.None);
    }

    private uint Now => Pin.SecondsOf(time.GetUtcNow());

    private async Task RoundAsync(CancellationToken cancellationToken)
    {
        try
        {
            await KeepAsync(cancellationToken);
            if (time.GetElapsedTime(_trimmedAt) < TrimEvery) return;
            _trimmedAt = time.GetTimestamp();
            await store.TrimAsync(Now, PinTable.DefaultCapacity, cancellationToken);
        }
        catch (Exception fault) when (fault is not OperationCanceledException)
        {
            log.PinsNotWritten(fault);
        }
    }

    private async Task ReleaseAsync(string agent, CanaryRuntime runtime, CancellationToken cancellationToken)
    {
        if (runtime.State.Phase is not Phase.RolledBack || runtime.Plan.IsDraining) return;
        var canary = Pin.VersionOf(runtime.Plan.CanaryVersion);
        // Answers that were under way may still have brought new ones since the last look.
        if (board.Of(agent).Forget(canary) > 0) _forgotten[agent] = canary;
        if (!_forgotten.TryGetValue(agent, out var version)) return;
        await store.ForgetAsync(agent, version, cancellationToken);
        _forgotten.Remove(agent);
    }

    private async Task<bool> WriteAsync(string agent, PinTable table, CancellationToken cancellationToken)
    {
        var taken = table.Take(_batch);
        if (taken == 0) return false;
        try
        {
            await store.WriteAsync([.. _batch.Take(taken).Select(pin => new PinRow(agent, pin))], cancellationToken);
            return taken == _batch.Length;
        }
        catch
        {
            table.PutBack(_batch.AsSpan(0, taken));
            throw;
        }
    }
}
