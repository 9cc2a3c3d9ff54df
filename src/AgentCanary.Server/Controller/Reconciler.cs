using AgentCanary.Analysis;
using AgentCanary.Control;
using AgentCanary.Server.Gateway;
using AgentCanary.Server.Health;
using AgentCanary.Server.Pins;
using AgentCanary.Spec;
using Microsoft.Extensions.Logging;

namespace AgentCanary.Server.Controller;

/// <summary>
/// Keeps one rollout: read, decide, one conditional write, publish. What only lowers the canary's share is published first and written at once after.
/// Thread-safe; a tick and a command wait for each other.
/// </summary>
internal sealed class Reconciler : IDisposable
{
    private readonly SemaphoreSlim _gate = new(1, 1);
    private readonly IRolloutStore _store;
    private readonly HealthBoard _health;
    private readonly PinBoard _pins;
    private readonly GatewayCounters _gateway;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly Action<RolloutNews> _tell;
    private readonly Queue<Transition> _unwritten = new();
    private volatile RolloutSnapshot _snapshot;
    private bool _isCanaryDown;
    private long _reportsKept;
    private (bool Stable, bool Canary) _isUp;

    public Reconciler(CanaryRuntime runtime, IRolloutStore store, HealthBoard health, PinBoard pins, GatewayCounters gateway, TimeProvider time, ILogger logger, Action<RolloutNews> tell)
    {
        (Runtime, _store, _health, _pins, _gateway, _time, _logger, _tell) = (runtime, store, health, pins, gateway, time, logger, tell);
        _isCanaryDown = IsDown(ReadHealth());
        _isUp = ReadUp();
        runtime.Publish(runtime.State, _isCanaryDown);
        _snapshot = Look(new Decision.Hold(runtime.State.Reason), new() { Reason = runtime.State.Reason });
    }

    public CanaryRuntime Runtime { get; }

    public RolloutSnapshot Snapshot => _snapshot;

    public void Dispose() => _gate.Dispose();

    /// <summary>Judges the evidence and does what follows from it.</summary>
    /// <returns>The evidence to keep, or null where a decision has just been written with it, or nothing can change any more.</returns>
    public async Task<EvidenceRow?> TickAsync(CancellationToken cancellationToken)
    {
        await _gate.WaitAsync(cancellationToken);
        try
        {
            await WriteWaitingAsync(cancellationToken);
            var health = ReadHealth();
            ServeHealth(IsDown(health));
            WarmUp();
            var analysis = Runtime.Analyze(Fault(health));
            var decision = RolloutMachine.Decide(Runtime.State, analysis, Prompted(health, analysis));
            var isChanged = await DoAsync(decision, analysis, cancellationToken);
            if (!isChanged) Tell(decision, analysis, null);
            // Of an ended rollout only what is reported later is new.
            var isKept = Runtime.State.IsTerminal && Runtime.ReportsTaken == _reportsKept;
            _reportsKept = Runtime.ReportsTaken;
            return isChanged || isKept ? null : Row();
        }
        finally
        {
            _gate.Release();
        }
    }

    /// <summary>Does what a person asks.</summary>
    public async Task<CommandResult> CommandAsync(RolloutCommand command, CancellationToken cancellationToken)
    {
        await _gate.WaitAsync(cancellationToken);
        try
        {
            await WriteWaitingAsync(cancellationToken);
            var analysis = Runtime.Analyze(Fault(ReadHealth()));
            var decision = RolloutMachine.Decide(Runtime.State, analysis, command);
            if (decision is Decision.Refuse refusal) return new(refusal.IsStale ? CommandStatus.Stale : CommandStatus.Refused, _snapshot, refusal.Reason);
            await DoAsync(decision, analysis, cancellationToken);
            return new(_snapshot.IsDurable ? CommandStatus.Done : CommandStatus.NotStored, _snapshot, decision.Reason);
        }
        catch (StoreUnavailableException fault)
        {
            return new(CommandStatus.NotStored, _snapshot, fault.Message);
        }
        catch (RolloutConflictException conflict)
        {
            return new(CommandStatus.Stale, _snapshot, conflict.Message);
        }
        finally
        {
            _gate.Release();
        }
    }

    private EvidenceRow Row() => new(Runtime.Agent, Runtime.State.Attempt, Runtime.Evidence.ToBytes());

    private async Task<bool> DoAsync(Decision decision, AnalysisResult analysis, CancellationToken cancellationToken)
    {
        if (RolloutMachine.After(Runtime.State, decision, _time.GetUtcNow()) is not { } transition) return false;
        if (decision.OnlyLowers)
        {
            Serve(transition);
            Tell(decision, analysis, null);
            await WriteWaitingAsync(cancellationToken);
            return true;
        }
        // What follows from a state that the store does not have could not be written.
        if (_unwritten.Count > 0) return true;
        // Each attempt asks anew whether the canary is there.
        if (transition.Next.Phase is Phase.Pending) _health.Publish(Runtime.Agent, transition.Next.Spec.Canary.Version, VersionHealth.Unknown);
        var written = await WriteAsync(transition, cancellationToken);
        Publish(transition.Next);
        Tell(decision, analysis, written);
        return true;
    }

    private void Publish(RolloutState next)
    {
        Runtime.Publish(next, _isCanaryDown);
        _pins.ReleaseAllBut(next.Agent, next.Spec.Canary.Version);
    }

    private void Serve(Transition unwritten)
    {
        _unwritten.Enqueue(unwritten);
        Publish(unwritten.Next);
        // After that: who comes too late for the cut finds what it was made for.
        if (unwritten.Next.Pins is PinsOnRollback.Cut) _pins.Cut(Runtime.Agent, unwritten.Next.Spec.Canary.Version);
    }

    // What is served and cannot be written stays served, and each tick tries again, in the order of what happened: a rollback, and the end of what drained after it.
    private async Task WriteWaitingAsync(CancellationToken cancellationToken)
    {
        try
        {
            while (_unwritten.TryPeek(out var waiting))
            {
                var written = await WriteAsync(waiting, cancellationToken);
                _unwritten.Dequeue();
                Tell(_snapshot.Decision, _snapshot.Analysis, written);
            }
        }
        catch (StoreUnavailableException fault)
        {
            _logger.NotStored(Runtime.Agent, fault);
        }
    }

    private async Task<RolloutEvent> WriteAsync(Transition transition, CancellationToken cancellationToken)
    {
        try
        {
            var written = await _store.WriteAsync(transition.Next, transition.Event, Row(), cancellationToken);
            if (transition.Event.Model is not null) _logger.ModelChanged(transition.Next.Agent, transition.Event.Reason);
            else _logger.Changed(transition.Next.Agent, transition.Next.Phase, transition.Next.Stage, transition.Next.Weight, transition.Event.Reason);
            return written;
        }
        catch (RolloutConflictException)
        {
            _unwritten.Clear();
            // Somebody else wrote: serve that, and decide anew on it at the next tick.
            if (await _store.FindAsync(Runtime.Agent, cancellationToken) is { } stored) Publish(stored);
            throw;
        }
    }

    private void ServeHealth(bool isDown)
    {
        if (isDown == _isCanaryDown) return;
        _isCanaryDown = isDown;
        Runtime.Publish(Runtime.State, isDown);
    }

    // A version that came back is cold, whatever its rollout does about it.
    private void WarmUp()
    {
        var (before, now) = (_isUp, ReadUp());
        _isUp = now;
        if ((now.Stable && !before.Stable) || (now.Canary && !before.Canary)) Runtime.WarmUp();
    }

    private (bool Stable, bool Canary) ReadUp() => (IsUp(Runtime.Spec.Stable.Version), IsUp(Runtime.Spec.Canary.Version));

    private bool IsUp(string version) => _health.Find(Runtime.Agent, version) is { IsReady: true, UnhealthySince: null };

    private VersionHealth ReadHealth() => _health.Find(Runtime.Agent, Runtime.Spec.Canary.Version);

    private HealthRule Rule => new(Runtime.Spec.Canary.Health ?? Runtime.Spec.Health ?? new());

    private bool IsDown(VersionHealth health) => Rule.IsDown(health);

    private CanaryFault? Fault(VersionHealth health) => Rule.Fault(health, Runtime.State, _time.GetUtcNow());

    // What the server asks in a person's place: to start once the canary is ready, to go on once it is healthy again, and to end what drains.
    private RolloutCommand? Prompted(VersionHealth health, AnalysisResult analysis) => Runtime.State switch
    {
        { Phase: Phase.Pending } when health.IsReady && !IsDown(health) => new RolloutCommand.Start { Reason = "the canary is ready" },
        { Phase: Phase.Paused, Pause: PauseReason.Health } when !IsDown(health) => new RolloutCommand.Resume { Reason = "the canary is healthy again" },
        { DrainUntil: not null } when analysis.IsUnsafe => new RolloutCommand.Drained { Reason = $"the canary is unsafe: {analysis.Reason}" },
        { DrainUntil: { } until } => Drained(until),
        _ => null,
    };

    private RolloutCommand.Drained? Drained(DateTimeOffset until)
    {
        var now = _time.GetUtcNow();
        var left = _pins.Count(Runtime.State, now).Canary;
        return left == 0 ? new() { Reason = "no conversation is left on the canary" }
            : now >= until ? new() { Reason = $"the time of the last {(left == 1 ? "conversation" : $"{left} conversations")} on the canary is over" }
            : null;
    }

    private void Tell(Decision decision, AnalysisResult analysis, RolloutEvent? @event)
    {
        _snapshot = Look(decision, analysis);
        _tell(new(_snapshot, @event));
    }

    private RolloutSnapshot Look(Decision decision, AnalysisResult analysis) =>
        new(Runtime.State, decision, analysis, Runtime.Status(Arm.Canary), Runtime.Status(Arm.Control), _unwritten.Count == 0, Runtime.Refused)
        {
            Pinned = _pins.Count(Runtime.State, _time.GetUtcNow()),
            Shadow = _gateway.FindShadow(Runtime.Agent),
        };
}
