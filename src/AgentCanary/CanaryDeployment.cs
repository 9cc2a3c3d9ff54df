using System.Collections.Immutable;
using AgentCanary.Analysis;
using AgentCanary.Control;
using AgentCanary.Metrics;
using AgentCanary.Routing;
using AgentCanary.Spec;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace AgentCanary;

/// <summary>
/// Rolls a new version of an agent out inside this process: route each call, record its outcome, decide from time to time, apply the decision.
/// Thread-safe. <see cref="Route"/>, <see cref="Assign(string?)"/> and the Record methods take no lock and never throw; <see cref="Decide"/> never throws either.
/// </summary>
public sealed class CanaryDeployment
{
    private readonly Lock _control = new();
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly CanaryRuntime _runtime;
    private readonly ChangeLog _changes = new();
    private AnalysisResult? _analysis;
    private Decision? _decision;
    private int _hasToldOfRefused;

    /// <summary>Makes a deployment, which begins in its first stage at once.</summary>
    /// <param name="stableVersion">The version that is there now; not empty.</param>
    /// <param name="canaryVersion">The version to roll out; not empty, and another one.</param>
    /// <param name="plan">The stages; <see cref="StagePlan.Standard"/> where null.</param>
    /// <param name="options">How; the defaults where null.</param>
    /// <exception cref="ArgumentException">A rule is broken; the message names the value and the rule.</exception>
    public CanaryDeployment(string stableVersion, string canaryVersion, StagePlan? plan = null, CanaryDeploymentOptions? options = null)
    {
        options ??= new();
        var spec = DeploymentRules.Judge(stableVersion, canaryVersion, plan ?? StagePlan.Standard, options);
        _time = options.TimeProvider;
        Prices = new([.. options.Prices]);
        _logger = options.Logger ?? NullLogger.Instance;
        var created = RolloutMachine.Create(spec, options.Pepper ?? Pepper.Read(), _time.GetUtcNow());
        var started = Started(created.Next);
        _runtime = new(started.Next, evidence: null, _time, new()
        {
            Urgent = options.Urgent,
            Checks = stage => StageChecks.OfLibrary(stage, options.RollbackMargin),
            MinRequestsToFail = options.RollbackMinRequests,
        });
        _changes.Add(new(created, null));
        _changes.Add(new(started, null));
    }

    /// <summary>Gets the state that is served now.</summary>
    public RolloutState State => _runtime.State;

    /// <summary>Gets what happened, oldest first: the last 1,000 changes.</summary>
    public ImmutableArray<RolloutEvent> Events
    {
        get
        {
            lock (_control) return _changes.Events;
        }
    }

    /// <summary>Gets everything about the deployment as it stands now.</summary>
    public CanaryStatus Status
    {
        get
        {
            lock (_control)
            {
                var state = _runtime.State;
                return new()
                {
                    StableVersion = state.Spec.Stable.Version,
                    CanaryVersion = state.Spec.Canary.Version,
                    Phase = state.Phase,
                    Pause = state.Pause,
                    StageIndex = state.Stage,
                    Stages = state.Spec.Stages.Length,
                    Weight = state.Weight,
                    Attempt = state.Attempt,
                    TimeInStage = _runtime.TimeInStage,
                    Stable = _runtime.Status(Arm.Control),
                    Canary = _runtime.Status(Arm.Canary),
                    Checks = _analysis?.Checks ?? [],
                    Reason = state.IsTerminal ? state.Reason : _decision?.Reason ?? state.Reason,
                    Refused = _runtime.Refused,
                };
            }
        }
    }

    /// <summary>Gets what is called after a command has changed something.</summary>
    internal Action? Commanded { get; init; }

    /// <summary>Gets what routes and records, for adapters that know more of a request than its key.</summary>
    internal CanaryRuntime Runtime => _runtime;

    internal TimeProvider TimeProvider => _time;

    /// <summary>Gets what models cost.</summary>
    internal PriceTable Prices { get; }

    internal ILogger Logger => _logger;

    internal Evidence Evidence
    {
        get
        {
            lock (_control) return _runtime.Evidence;
        }
    }

    /// <summary>Gets the changes that are served and not yet written, oldest first.</summary>
    internal ImmutableArray<Change> Unwritten
    {
        get
        {
            lock (_control) return _changes.Unwritten;
        }
    }

    /// <summary>Routes a call.</summary>
    /// <param name="stickyKey">Whoever should keep one version: any string. Null draws at random.</param>
    /// <returns>The version that serves.</returns>
    public string Route(string? stickyKey) => _runtime.Route(Request(stickyKey), new NoAttributes()).Version;

    /// <summary>Routes a call and counts its start: record the assignment exactly once, or it counts as failed after the outcome deadline.</summary>
    /// <param name="stickyKey">Whoever should keep one version: any string. Null draws at random.</param>
    public Assignment Assign(string? stickyKey) => Assign(stickyKey, new NoAttributes());

    /// <summary>Routes a call of a caller with attributes, which cohorts look at, and counts its start.</summary>
    /// <param name="stickyKey">Whoever should keep one version: any string. Null draws at random.</param>
    /// <param name="attributes">What is known of the caller.</param>
    public Assignment Assign<TAttributes>(string? stickyKey, in TAttributes attributes)
        where TAttributes : IAttributes => _runtime.Assign(Request(stickyKey), attributes);

    /// <summary>Records a call of a version; every call of that version counts.</summary>
    /// <param name="version">The version that served; an unknown one is not recorded but counted in <see cref="CanaryStatus.Refused"/>.</param>
    /// <param name="success">Whether it did what it should.</param>
    /// <param name="latency">How long it took; a negative value is refused and counted.</param>
    public void Record(string version, bool success, TimeSpan latency) =>
        Record(version, new Outcome { Class = success ? OutcomeClass.Ok : OutcomeClass.ErrorUpstream, Latency = latency });

    /// <summary>Records an outcome of a version; every call of that version counts.</summary>
    /// <param name="version">The version that served; an unknown one is not recorded but counted in <see cref="CanaryStatus.Refused"/>.</param>
    /// <param name="outcome">How the call ended; one with a negative or non-finite figure is refused and counted.</param>
    public void Record(string version, in Outcome outcome)
    {
        if (!_runtime.Record(version, outcome)) TellOfRefused(version);
    }

    /// <summary>Records the outcome of an assigned call, for the arm and the stage that served it.</summary>
    /// <param name="assignment">What <see cref="Assign(string?)"/> gave; record it once.</param>
    /// <param name="outcome">How the call ended; one with a negative or non-finite figure is refused and counted.</param>
    public void Record(in Assignment assignment, in Outcome outcome)
    {
        if (!_runtime.Record(assignment, outcome)) TellOfRefused(assignment.Version);
    }

    /// <summary>Routes, runs, times and records a call. Its exception goes on to the caller; a cancelled call is no failure of its version.</summary>
    /// <param name="stickyKey">Whoever should keep one version: any string. Null draws at random.</param>
    /// <param name="call">The call, which is given its version.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    public async Task<T> RunAsync<T>(string? stickyKey, Func<string, CancellationToken, Task<T>> call, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(call);
        var assignment = Assign(stickyKey);
        var start = _time.GetTimestamp();
        var outcomeClass = OutcomeClass.ErrorUpstream;
        try
        {
            var answer = await call(assignment.Version, cancellationToken).ConfigureAwait(false);
            outcomeClass = OutcomeClass.Ok;
            return answer;
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            outcomeClass = OutcomeClass.CanceledByClient;
            throw;
        }
        catch (TimeoutException)
        {
            outcomeClass = OutcomeClass.Timeout;
            throw;
        }
        finally
        {
            Record(assignment, new Outcome { Class = outcomeClass, Latency = _time.GetElapsedTime(start) });
        }
    }

    /// <summary>Judges the evidence now. Changes nothing: hand the decision to <see cref="Apply"/>.</summary>
    public Decision Decide() => Judge().Decision;

    /// <summary>Does what was decided. A decision that no longer fits the state changes nothing.</summary>
    /// <returns>Whether anything changed.</returns>
    public bool Apply(Decision decision)
    {
        ArgumentNullException.ThrowIfNull(decision);
        lock (_control) return RolloutMachine.After(_runtime.State, decision, _time.GetUtcNow()) is { } transition && Serve([new(transition, null)]);
    }

    /// <summary>Does what a person asks: pause, resume, promote, roll back, approve, or retry as a new attempt.</summary>
    /// <returns>What was decided; <see cref="Decision.Refuse"/> with the rule where the phase does not allow it.</returns>
    public Decision Command(RolloutCommand command)
    {
        ArgumentNullException.ThrowIfNull(command);
        Decision decision;
        lock (_control)
        {
            // Judged anew: the last judgement may be of a stage or an attempt that has ended.
            _analysis = _runtime.Analyze();
            decision = RolloutMachine.Decide(_runtime.State, _analysis, command);
            if (!Serve(Changes(_runtime.State, decision, command))) return decision;
        }
        Commanded?.Invoke();
        return decision;
    }

    /// <summary>Judges the evidence, and says what <see cref="Apply"/> would change, so that it can be written first; null for nothing.</summary>
    internal (Decision Decision, Transition? Transition) Judge()
    {
        lock (_control)
        {
            _analysis = _runtime.Analyze();
            _decision = RolloutMachine.Decide(_runtime.State, _analysis);
            return (_decision, RolloutMachine.After(_runtime.State, _decision, _time.GetUtcNow()));
        }
    }

    /// <summary>Serves a transition, unless the state has moved on since it was made.</summary>
    internal bool Serve(Transition transition)
    {
        lock (_control) return IsNext(transition) && Serve([new(transition, null)]);
    }

    /// <summary>Tells whether the state is still the one that a transition was made on.</summary>
    internal bool IsNext(Transition transition) => transition.Next.Revision == State.Revision + 1;

    /// <summary>Notes that the store has everything up to a revision.</summary>
    internal void MarkWritten(long revision)
    {
        lock (_control) _changes.MarkWritten(revision);
    }

    /// <summary>Goes on where an earlier process was.</summary>
    internal void Restore(RolloutState state, Evidence? evidence, ImmutableArray<RolloutEvent> written)
    {
        lock (_control)
        {
            _runtime.Restore(state, evidence);
            _changes.Reset(written);
        }
    }

    /// <summary>Goes on from what was written first by somebody else, with the evidence of this process. What people asked here, and a rollback, is done again on it.</summary>
    internal void Follow(RolloutState state, ImmutableArray<RolloutEvent> written)
    {
        lock (_control)
        {
            var changes = new List<Change>();
            foreach (var change in _changes.Unwritten.Where(change => change.Transition.Next.Attempt >= state.Attempt))
            {
                var now = changes.Count == 0 ? state : changes[^1].Transition.Next;
                if (change.Again is { } command) changes.AddRange(Changes(now, RolloutMachine.Decide(now, analysis: null, command), command));
            }
            _changes.Reset(written);
            if (!Serve(changes)) _runtime.Publish(state);
        }
    }

    private static RouteRequest Request(string? stickyKey) =>
        new(stickyKey) { Draw = stickyKey is null ? unchecked((uint)Random.Shared.NextInt64()) : 0 };

    private Transition Started(RolloutState state) =>
        RolloutMachine.After(state, RolloutMachine.Decide(state, analysis: null, new RolloutCommand.Start()), _time.GetUtcNow())!;

    private List<Change> Changes(RolloutState state, Decision decision, RolloutCommand command)
    {
        if (RolloutMachine.After(state, decision, _time.GetUtcNow()) is not { } transition) return [];
        // In the library nothing has to become ready first: a new attempt begins at once.
        return transition.Next.Phase is Phase.Pending ? [new(transition, command), new(Started(transition.Next), null)] : [new(transition, command)];
    }

    // Only the last state is published: a call never meets one that was passed through.
    private bool Serve(List<Change> changes)
    {
        if (changes.Count == 0) return false;
        _runtime.Publish(changes[^1].Transition.Next);
        changes.ForEach(_changes.Add);
        return true;
    }

    private void TellOfRefused(string? version)
    {
        if (Interlocked.Exchange(ref _hasToldOfRefused, 1) == 0) _logger.OutcomeRefused(_runtime.Agent, version ?? "null");
    }
}
