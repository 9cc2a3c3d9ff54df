using System.Collections.Immutable;
using AgentCanary.Control;
using AgentCanary.Server.Gateway;
using AgentCanary.Server.Health;
using AgentCanary.Server.Pins;
using AgentCanary.Spec;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace AgentCanary.Server.Controller;

/// <summary>Owns the rollouts of this process: judges the evidence once a second and at once on urgent outcomes, and does what people ask. Thread-safe.</summary>
public sealed class RolloutController : BackgroundService, IRollouts
{
    private static readonly TimeSpan Period = TimeSpan.FromSeconds(1);

    // A process that slept longer than this between two ticks did not watch its rollouts meanwhile.
    private static readonly TimeSpan LongestWatch = TimeSpan.FromSeconds(10);

    private readonly IRolloutStore _store;
    private readonly RolloutRegistry _registry;
    private readonly HealthBoard _health;
    private readonly PinBoard _pins;
    private readonly GatewayCounters _gateway;
    private readonly TimeProvider _time;
    private readonly ILogger<RolloutController> _logger;
    private readonly NewsFeed _news = new();
    private readonly SemaphoreSlim _applying = new(1, 1);
    private readonly SemaphoreSlim _urgent = new(0, 1);
    private volatile ImmutableSortedDictionary<string, Reconciler> _reconcilers = ImmutableSortedDictionary.Create<string, Reconciler>(StringComparer.Ordinal);

    /// <summary>Makes a controller; <see cref="LoadAsync"/> reads what the store knows before it starts.</summary>
    public RolloutController(IRolloutStore store, RolloutRegistry registry, HealthBoard health, PinBoard pins, GatewayCounters gateway, TimeProvider time, ILogger<RolloutController> logger)
    {
        ArgumentNullException.ThrowIfNull(health);
        (_store, _registry, _health, _pins, _gateway, _time, _logger) = (store, registry, health, pins, gateway, time, logger);
        health.Changed += Wake;
    }

    /// <inheritdoc/>
    public ImmutableArray<RolloutSnapshot> Snapshots => [.. _reconcilers.Values.Select(reconciler => reconciler.Snapshot)];

    /// <inheritdoc/>
    public RolloutSnapshot? Find(string agent) => _reconcilers.GetValueOrDefault(agent)?.Snapshot;

    internal int Followers => _news.Readers;

    /// <inheritdoc/>
    public IAsyncEnumerable<RolloutNews> FollowAsync(CancellationToken cancellationToken) => _news.FollowAsync(cancellationToken);

    /// <inheritdoc/>
    public override void Dispose()
    {
        base.Dispose();
        _health.Changed -= Wake;
        foreach (var reconciler in _reconcilers.Values) reconciler.Dispose();
        _applying.Dispose();
        _urgent.Dispose();
    }

    /// <summary>Goes on with every rollout that the store knows: same stage, same users, same evidence.</summary>
    public async Task LoadAsync(CancellationToken cancellationToken)
    {
        foreach (var state in await _store.ReadAllAsync(cancellationToken)) Keep(state, await EvidenceAsync(state, cancellationToken));
    }

    /// <inheritdoc/>
    public async ValueTask<CommandResult> CommandAsync(string agent, RolloutCommand command, CancellationToken cancellationToken) =>
        _reconcilers.GetValueOrDefault(agent) is { } reconciler
            ? await reconciler.CommandAsync(command, cancellationToken)
            : new(CommandStatus.NotFound, null, $"there is no rollout of agent '{agent}': apply a file first");

    /// <inheritdoc/>
    public async ValueTask<CommandResult> ApplyAsync(RolloutSpec spec, bool supersede, string actor, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(spec);
        await _applying.WaitAsync(cancellationToken);
        try
        {
            if (_reconcilers.GetValueOrDefault(spec.Agent) is not { } known) return await CreateAsync(spec, cancellationToken);
            var (command, reason) = ApplyRule.Judge(known.Runtime.State, spec, supersede);
            if (command is null) return new(reason.IsRefusal ? CommandStatus.Refused : CommandStatus.Done, known.Snapshot, reason.Text);
            var result = await known.CommandAsync(command with { Actor = actor, Reason = reason.Text }, cancellationToken);
            Warn(known.Runtime.Spec);
            return result;
        }
        finally
        {
            _applying.Release();
        }
    }

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        try
        {
            while (true)
            {
                await TickAsync(stoppingToken);
                await _urgent.WaitAsync(Remaining(), stoppingToken);
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // The server stops; what was measured since the last tick is kept below.
        }
        await TickAsync(CancellationToken.None);
    }

    /// <summary>Judges every rollout once, and keeps the evidence of all of them in one write.</summary>
    internal async Task TickAsync(CancellationToken cancellationToken)
    {
        var rows = ImmutableArray.CreateBuilder<EvidenceRow>();
        foreach (var (agent, reconciler) in _reconcilers)
        {
            try
            {
                if (await reconciler.TickAsync(cancellationToken) is { } row) rows.Add(row);
            }
            catch (Exception fault) when (fault is not OperationCanceledException)
            {
                _logger.TickFailed(agent, fault);
            }
        }
        try
        {
            if (rows.Count > 0) await _store.WriteEvidenceAsync(rows.ToImmutable(), cancellationToken);
        }
        catch (Exception fault) when (fault is not OperationCanceledException)
        {
            _logger.EvidenceNotStored(fault);
        }
    }

    // Ticks fall on whole periods, so that those of several rollouts and processes fall together.
    private TimeSpan Remaining() => Period - TimeSpan.FromTicks(_time.GetUtcNow().Ticks % Period.Ticks);

    private async Task<CommandResult> CreateAsync(RolloutSpec spec, CancellationToken cancellationToken)
    {
        var created = RolloutMachine.Create(spec, Pepper.Read(), _time.GetUtcNow());
        try
        {
            var written = await _store.WriteAsync(created.Next, created.Event, evidence: null, cancellationToken);
            var reconciler = Keep(created.Next, evidence: null);
            _news.Tell(new(reconciler.Snapshot, written));
            Wake();
            return new(CommandStatus.Done, reconciler.Snapshot, created.Event.Reason);
        }
        catch (StoreUnavailableException fault)
        {
            return new(CommandStatus.NotStored, null, fault.Message);
        }
    }

    private Reconciler Keep(RolloutState state, Evidence? evidence)
    {
        var runtime = new CanaryRuntime(state, evidence, _time, new() { Urgent = Wake, LongestWatch = LongestWatch });
        var reconciler = new Reconciler(runtime, _store, _health, _pins, _gateway, _time, _logger, _news.Tell);
        _reconcilers = _reconcilers.SetItem(state.Agent, reconciler);
        _registry.Publish(_reconcilers.ToImmutableDictionary(pair => pair.Key, pair => pair.Value.Runtime));
        Warn(state.Spec);
        return reconciler;
    }

    private void Warn(RolloutSpec spec)
    {
        foreach (var warning in SpecWarnings.Of(spec)) _logger.Warned(spec.Agent, warning);
    }

    private async Task<Evidence?> EvidenceAsync(RolloutState state, CancellationToken cancellationToken)
    {
        try
        {
            return await _store.FindEvidenceAsync(state.Agent, state.Attempt, cancellationToken) is { } row ? Evidence.Read(row.Bytes) : null;
        }
        catch (InvalidDataException fault)
        {
            _logger.EvidenceUnreadable(state.Agent, fault);
            return null;
        }
    }

    private void Wake()
    {
        try
        {
            _urgent.Release();
        }
        catch (SemaphoreFullException)
        {
            // Already awake.
        }
        catch (ObjectDisposedException)
        {
            // A late outcome after the server has stopped.
        }
    }
}
