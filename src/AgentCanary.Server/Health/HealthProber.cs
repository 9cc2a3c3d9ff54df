using System.Collections.Immutable;
using AgentCanary.Server.Gateway;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace AgentCanary.Server.Health;

/// <summary>
/// Probes every version of every published rollout and posts what it finds on the <see cref="HealthBoard"/>: at once when it first sees a version,
/// then by the version's own interval; a version without a probe of its own is asked every second until it answers once.
/// </summary>
internal sealed class HealthProber(RolloutRegistry registry, HealthBoard board, IOptions<GatewayOptions> options, TimeProvider time, ILogger<HealthProber> log) : BackgroundService
{
    /// <summary>How often the published rollouts are looked at for versions that are new or gone.</summary>
    internal static readonly TimeSpan LookPeriod = TimeSpan.FromMilliseconds(200);

    private readonly Dictionary<HealthTarget, Watch> _watches = [];

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var probe = new HealthProbe(options.Value.ProbeTimeout, options.Value.AllowExecProbes, time);
        try
        {
            using var timer = new PeriodicTimer(LookPeriod, time);
            do Look(probe, stoppingToken);
            while (await timer.WaitForNextTickAsync(stoppingToken));
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // The host stops.
        }

        await Task.WhenAll(_watches.Values.Select(watch => watch.Ended));
    }

    private void Look(HealthProbe probe, CancellationToken stopping)
    {
        var wanted = registry.Current.Values.SelectMany(runtime => HealthTarget.Of(runtime.Spec, runtime.State.Attempt)).ToImmutableHashSet();
        foreach (var (target, watch) in _watches.Where(pair => !wanted.Contains(pair.Key)).ToList())
        {
            watch.Stop.Cancel();
            watch.Stop.Dispose();
            _watches.Remove(target);
        }

        foreach (var target in wanted.Where(target => !_watches.ContainsKey(target)))
        {
            var stop = CancellationTokenSource.CreateLinkedTokenSource(stopping);
            _watches.Add(target, new(stop, WatchAsync(target, probe, stop.Token)));
        }
    }

    private async Task WatchAsync(HealthTarget target, HealthProbe probe, CancellationToken cancellation)
    {
        try
        {
            using var timer = new PeriodicTimer(target.Interval, time);
            do
            {
                var before = board.Find(target.Agent, target.Version);
                var after = target.After(before, await probe.ProbeAsync(target, cancellation), time.GetUtcNow());
                cancellation.ThrowIfCancellationRequested(); // a probe that was under way says nothing of a version that is gone
                board.Publish(target.Agent, target.Version, after);
                Report(target, before, after);
                if (after.IsReady && target.Spec is null) return;
            }
            while (await timer.WaitForNextTickAsync(cancellation));
        }
        catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
        {
            // No longer wanted.
        }
    }

    private void Report(HealthTarget target, VersionHealth before, VersionHealth after)
    {
        if (after.FailedInARow == 0 && (!before.IsReady || before.FailedInARow > 0)) log.Well(target.Version, target.Agent);
        else if (after.FailedInARow == 1) log.Failed(target.Version, target.Agent, after.LastFault);
        else if (before.UnhealthySince is null && after.UnhealthySince is not null) log.Unhealthy(target.Version, target.Agent, after.FailedInARow, after.LastFault);
    }

    private sealed record Watch(CancellationTokenSource Stop, Task Ended);
}
