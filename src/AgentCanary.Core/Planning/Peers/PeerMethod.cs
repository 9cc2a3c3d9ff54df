using System.Collections.Immutable;
using AgentCanary.Planning.Simulation;
using AgentCanary.Spec;

namespace AgentCanary.Planning.Peers;

/// <summary>What the peers have in common: stages of a weight, and counts of good and bad answers. Written from their documented behaviour; no code of theirs is in it.</summary>
internal abstract class PeerMethod : RolloutMethod
{
    private readonly ImmutableArray<Stage> _stages;
    private Phase _phase = Phase.Progressing;
    private int _stage = -1;

    protected PeerMethod(RolloutSpec spec)
    {
        _stages = spec.Stages;
        Next(TimeSpan.Zero);
    }

    public sealed override Phase Phase => _phase;

    public sealed override int Stage => _stage;

    /// <summary>Gets the stage that is served.</summary>
    protected Stage Current => _stages[_stage];

    /// <summary>Gets when it was entered.</summary>
    protected TimeSpan EnteredAt { get; private set; }

    public sealed override Assignment Begin(in MadeRequest request, double shareFactor)
    {
        var isCanary = _phase is Phase.Completed || (_phase is Phase.Progressing && IsCanary(request.Bucket, Current.Weight, shareFactor));
        return new() { Version = "", Variant = isCanary ? Variant.Canary : Variant.Stable, Arm = isCanary ? Arm.Canary : Arm.Control };
    }

    public sealed override void End(in Assignment assignment, in Outcome outcome, TimeSpan now)
    {
        if (outcome.Class.IsCounted) Count(assignment.Arm, outcome.Class.IsFailure, now);
    }

    /// <summary>Counts an answer.</summary>
    protected abstract void Count(Arm arm, bool isFailure, TimeSpan now);

    /// <summary>Goes on to the next stage; the one of 100 % is the end.</summary>
    protected void Next(TimeSpan now)
    {
        while (++_stage < _stages.Length - 1 && !_stages[_stage].Cohorts.IsEmpty)
        {
            // The peers have no stages for cohorts.
        }
        EnteredAt = now;
        if (Current.Weight == Weight.Full) _phase = Phase.Completed;
    }

    /// <summary>Gives up the canary.</summary>
    protected void RollBack() => _phase = Phase.RolledBack;
}
