using System.Collections.Immutable;
using AgentCanary.Control;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace AgentCanary;

/// <summary>Evaluates a deployment in the background: read, decide, write, serve. What only lowers the canary's share is served before it is written.</summary>
internal sealed class HostedDeployment : BackgroundService
{
    private readonly HostedDeploymentOptions _options;
    private readonly IRolloutStore _store;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly SemaphoreSlim _wake = new(0, 1);

    public HostedDeployment(HostedDeploymentOptions options, IRolloutStore store, TimeProvider time, ILogger logger)
    {
        if (options.EvaluationPeriod < TimeSpan.FromMilliseconds(10) || options.EvaluationPeriod > TimeSpan.FromHours(1))
            throw new ArgumentException($"EvaluationPeriod is {options.EvaluationPeriod}; it is 10 ms to 1 h.", nameof(options));
        (_options, _store, _time, _logger) = (options, store, time, logger);
        options.Deployment.TimeProvider = time;
        options.Deployment.Logger ??= logger;
        options.Deployment.Urgent = Wake + options.Deployment.Urgent;
        Deployment = new(options.StableVersion, options.CanaryVersion, options.Plan, options.Deployment) { Commanded = Wake };
    }

    public CanaryDeployment Deployment { get; }

    public override void Dispose()
    {
        base.Dispose();
        _wake.Dispose();
    }

    public override async Task StartAsync(CancellationToken cancellationToken)
    {
        try
        {
            await ResumeAsync(cancellationToken).ConfigureAwait(false);
        }
        catch (RolloutConflictException)
        {
            // Another process started in the same moment: what it wrote is there now.
            await ResumeAsync(cancellationToken).ConfigureAwait(false);
        }
        await base.StartAsync(cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Ends the evaluation, and writes what the last one has not.</summary>
    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        await base.StopAsync(cancellationToken).ConfigureAwait(false);
        await TryAsync(SettleAsync, cancellationToken).ConfigureAwait(false);
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            await TryAsync(EvaluateAsync, stoppingToken).ConfigureAwait(false);
            await PauseAsync(stoppingToken).ConfigureAwait(false);
        }
    }

    // Nothing that goes wrong ends the loop: the next evaluation finds the same evidence.
    private async Task TryAsync(Func<CancellationToken, Task> work, CancellationToken cancellationToken)
    {
        try
        {
            await work(cancellationToken).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            // The host stops.
        }
        catch (Exception fault)
        {
            _logger.EvaluationFailed(fault, Deployment.State.Agent, _options.EvaluationPeriod);
        }
    }

    private async Task EvaluateAsync(CancellationToken cancellationToken)
    {
        var (decision, transition) = Deployment.Judge();
        if (transition is not null && decision.OnlyLowers && Deployment.Serve(transition)) Tell(transition);
        await SettleAsync(cancellationToken).ConfigureAwait(false);
        // A person may have asked for something while it was written: then the next evaluation decides anew.
        if (transition is null || decision.OnlyLowers || !Deployment.IsNext(transition)) return;
        try
        {
            await _store.WriteAsync(transition.Next, transition.Event, Row(), cancellationToken).ConfigureAwait(false);
        }
        catch (RolloutConflictException)
        {
            await FollowAsync(cancellationToken).ConfigureAwait(false);
            return;
        }
        Tell(transition);
        if (Deployment.Serve(transition)) Deployment.MarkWritten(transition.Next.Revision);
        else await FollowAsync(cancellationToken).ConfigureAwait(false); // a person came first here, and the store has ours: theirs is done again on it
    }

    private async Task SettleAsync(CancellationToken cancellationToken)
    {
        try
        {
            await KeepAsync(cancellationToken).ConfigureAwait(false);
        }
        catch (RolloutConflictException)
        {
            await FollowAsync(cancellationToken).ConfigureAwait(false);
            await KeepAsync(cancellationToken).ConfigureAwait(false);
        }
    }

    // Writes what is served and not yet written, such as a rollback or what a person asked, and the evidence.
    private async Task KeepAsync(CancellationToken cancellationToken)
    {
        foreach (var change in Deployment.Unwritten) await WriteAsync(change.Transition, cancellationToken).ConfigureAwait(false);
        if (!Deployment.State.IsTerminal) await _store.WriteEvidenceAsync([Row()], cancellationToken).ConfigureAwait(false);
    }

    // Goes on from what the store has, which this process did not write, or does not know that it did.
    private async Task FollowAsync(CancellationToken cancellationToken)
    {
        var stored = await _store.FindAsync(Deployment.State.Agent, cancellationToken).ConfigureAwait(false);
        if (stored is null || !RolloutMachine.IsSamePair(stored.Spec, Deployment.State.Spec))
        {
            throw new InvalidOperationException($"The store has another rollout of agent '{Deployment.State.Agent}' now ({(stored is null ? "none" : Versions(stored))}): "
                + "this process can only roll its own back. Stop the older of the two.");
        }
        if (Deployment.Unwritten.Any(change => IsSame(change.Transition.Next, stored))) Deployment.MarkWritten(stored.Revision);
        else Deployment.Follow(OnOurTerms(stored), await ReadEventsAsync(stored, cancellationToken).ConfigureAwait(false));
    }

    private async Task ResumeAsync(CancellationToken cancellationToken)
    {
        var state = Deployment.State;
        var stored = await _store.FindAsync(state.Agent, cancellationToken).ConfigureAwait(false);
        if (stored is null)
        {
            await KeepAsync(cancellationToken).ConfigureAwait(false);
            return;
        }
        // Another pair of versions is another rollout: it takes over the store's revisions and begins anew.
        if (!RolloutMachine.IsSamePair(stored.Spec, state.Spec))
        {
            var command = new RolloutCommand.Supersede(state.Spec) { Reason = $"the process was started with {Versions(state)}" };
            stored = await WriteAsync(stored, command, cancellationToken).ConfigureAwait(false);
        }
        // In the library nothing has to become ready first; an earlier process may have ended before it wrote so.
        if (stored.Phase is Phase.Pending) stored = await WriteAsync(stored, new RolloutCommand.Start(), cancellationToken).ConfigureAwait(false);
        var evidence = await ReadEvidenceAsync(stored, cancellationToken).ConfigureAwait(false);
        Deployment.Restore(OnOurTerms(stored), evidence, await ReadEventsAsync(stored, cancellationToken).ConfigureAwait(false));
    }

    private async Task<Evidence?> ReadEvidenceAsync(RolloutState stored, CancellationToken cancellationToken)
    {
        try
        {
            return await _store.FindEvidenceAsync(stored.Agent, stored.Attempt, cancellationToken).ConfigureAwait(false) is { } row ? Evidence.Read(row.Bytes) : null;
        }
        catch (InvalidDataException fault)
        {
            _logger.EvidenceUnreadable(fault, stored.Agent);
            return null;
        }
    }

    private async Task<RolloutState> WriteAsync(RolloutState state, RolloutCommand command, CancellationToken cancellationToken)
    {
        var decision = RolloutMachine.Decide(state, analysis: null, command);
        var transition = RolloutMachine.After(state, decision, _time.GetUtcNow()) ?? throw new InvalidOperationException($"Agent '{state.Agent}': {decision.Reason}.");
        await _store.WriteAsync(transition.Next, transition.Event, Row(), cancellationToken).ConfigureAwait(false);
        return transition.Next;
    }

    private async Task WriteAsync(Transition transition, CancellationToken cancellationToken)
    {
        await _store.WriteAsync(transition.Next, transition.Event, Row(), cancellationToken).ConfigureAwait(false);
        Deployment.MarkWritten(transition.Next.Revision);
    }

    private ValueTask<ImmutableArray<RolloutEvent>> ReadEventsAsync(RolloutState stored, CancellationToken cancellationToken) =>
        _store.ReadEventsAsync(stored.Agent, Math.Max(0, stored.Revision - StoreTerms.MostEvents), StoreTerms.MostEvents, cancellationToken);

    // The terms of a process are those that it was started with; the store has what became of them.
    private RolloutState OnOurTerms(RolloutState stored) =>
        stored with { Spec = Deployment.State.Spec, Stage = Math.Min(stored.Stage, Deployment.State.Spec.Stages.Length - 1) };

    private static bool IsSame(RolloutState ours, RolloutState stored) => RolloutJson.Write(ours).AsSpan().SequenceEqual(RolloutJson.Write(stored));

    private static string Versions(RolloutState state) => $"{state.Spec.Stable.Version} and {state.Spec.Canary.Version}";

    private EvidenceRow Row() => new(Deployment.State.Agent, Deployment.State.Attempt, Deployment.Evidence.ToBytes());

    private void Tell(Transition transition)
    {
        if (transition.Event.Model is not null) _logger.ModelChanged(transition.Next.Agent, transition.Event.Reason);
        else _logger.Changed(transition.Next.Agent, transition.Next.Phase, transition.Next.Stage, transition.Next.Weight, transition.Next.Reason);
    }

    private void Wake()
    {
        try
        {
            if (_wake.CurrentCount == 0) _wake.Release();
        }
        catch (Exception fault) when (fault is SemaphoreFullException or ObjectDisposedException)
        {
            // Already awake, or gone with its host.
        }
    }

    private async Task PauseAsync(CancellationToken stoppingToken)
    {
        using var wait = CancellationTokenSource.CreateLinkedTokenSource(stoppingToken);
        var period = Task.Delay(_options.EvaluationPeriod, _time, wait.Token);
        await Task.WhenAny(period, _wake.WaitAsync(wait.Token)).ConfigureAwait(false);
        await wait.CancelAsync().ConfigureAwait(false);
    }
}
