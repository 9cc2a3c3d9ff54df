using AgentCanary.Analysis;
using AgentCanary.Control;
using AgentCanary.Metrics;
using AgentCanary.Routing;
using AgentCanary.Spec;

namespace AgentCanary.Planning;

/// <summary>
/// A whole rollout on a clock that the caller moves: the same routing, measuring, judging and deciding as in a process, for recorded and for made traffic. One caller at a time.
/// </summary>
public sealed class Trial
{
    private StageRun _run;

    /// <summary>Begins a rollout at time 0, its canary ready.</summary>
    /// <param name="spec">What the person wrote.</param>
    /// <param name="tickPeriod">The length of a tick, above 0.</param>
    /// <param name="pepper">The pepper of salts: another one draws other users.</param>
    /// <param name="outcomeDeadline">When a missing outcome counts as a failure; as the spec says unless set.</param>
    /// <param name="tellsRatios">Whether analyses tell how many times stable's rate the canary's is; it changes no verdict.</param>
    public Trial(RolloutSpec spec, TimeSpan tickPeriod, ulong pepper = 0, TimeSpan? outcomeDeadline = null, bool tellsRatios = true)
    {
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(tickPeriod, TimeSpan.Zero);
        var created = RolloutMachine.Create(spec, pepper, DateTimeOffset.UnixEpoch).Next;
        var started = RolloutMachine.After(created, RolloutMachine.Decide(created, analysis: null, new RolloutCommand.Start()), DateTimeOffset.UnixEpoch)!;
        _run = StageRun.Begin(
            started.Next, evidence: null, TimeSpan.Zero,
            new() { TickPeriod = tickPeriod, OutcomeDeadline = outcomeDeadline, TellsRatios = tellsRatios, Urgent = () => IsUrgent = true });
    }

    /// <summary>Gets the state that is served now.</summary>
    public RolloutState State => _run.State;

    /// <summary>Gets the plan that routes now.</summary>
    public RoutePlan Plan => _run.Plan;

    /// <summary>Gets whether an outcome came that a process would judge at once.</summary>
    public bool IsUrgent { get; private set; }

    /// <summary>Gets what a store would keep now.</summary>
    public Evidence Evidence => _run.Evidence;

    /// <summary>Routes a request and counts its start.</summary>
    public Assignment Assign(in RouteRequest request) => _run.Assign(request, new NoAttributes());

    /// <summary>Counts the start of a request whose arm is known, whatever the weight says.</summary>
    /// <param name="arm">Who serves it.</param>
    /// <param name="key">Its sticky key, or null.</param>
    public Assignment Begin(Arm arm, string? key) => _run.Begin(arm, key);

    /// <summary>Counts the start of a request whose arm is known, whatever the weight says.</summary>
    /// <param name="arm">Who serves it.</param>
    /// <param name="keyHash">The hash of its sticky key under the rollout's salt, or 0 without one.</param>
    /// <param name="isDrawn">Whether a split drew the arm by the key, so that it says something of the share.</param>
    public Assignment Begin(Arm arm, ulong keyHash, bool isDrawn = false) => _run.Begin(arm, keyHash, isDrawn);

    /// <summary>Counts a finished request for the stage that served it.</summary>
    public void Record(in Assignment assignment, in Outcome outcome) => _run.Record(assignment, outcome);

    /// <summary>Judges, and does what was decided.</summary>
    /// <param name="now">The time since the beginning; it never goes back.</param>
    /// <returns>What was decided, on what, and what it changed; null where nothing changed.</returns>
    public (Decision Decision, AnalysisResult Analysis, Transition? Change) Judge(TimeSpan now)
    {
        IsUrgent = false;
        var analysis = _run.Analyze(now);
        var decision = RolloutMachine.Decide(State, analysis);
        var change = RolloutMachine.After(State, decision, DateTimeOffset.UnixEpoch + now);
        if (change is not null) _run = _run.Enter(change.Next, isCanaryDown: false, now);
        return (decision, analysis, change);
    }
}
