using AgentCanary.Routing;
using AgentCanary.Spec;

namespace AgentCanary.Planning.Simulation;

/// <summary>This product: the real routing plan, recorder, analyzer and machine, judged every second and at once on what is urgent.</summary>
internal sealed class MachineMethod : RolloutMethod
{
    private readonly Trial _trial;
    private readonly RolloutSpec _spec;

    public MachineMethod(RolloutSpec spec, ulong pepper)
    {
        // Nobody is there to approve: a stage that waits for it is left as soon as it is passed.
        _spec = spec with { Stages = [.. spec.Stages.Select(stage => stage with { Approval = false })] };
        _trial = new(_spec, TimeSpan.FromSeconds(1), pepper, tellsRatios: false);
    }

    public override Phase Phase => _trial.State.Phase;

    public override int Stage => _trial.State.Stage;

    /// <summary>Gets why the rollout stands where it stands.</summary>
    public string Reason { get; private set; } = "";

    public override Assignment Begin(in MadeRequest request, double shareFactor)
    {
        var plan = _trial.Plan;
        if (!_spec.Cohorts.IsEmpty && Outside(plan, request) is { } variant) return _trial.Begin(Arm.Outside, request.KeyHash) with { Variant = variant };
        return _trial.Begin(IsCanary(request.Bucket, plan.Weight, shareFactor) ? Arm.Canary : Arm.Control, request.KeyHash, isDrawn: request.KeyHash != 0);
    }

    public override void End(in Assignment assignment, in Outcome outcome, TimeSpan now)
    {
        _trial.Record(assignment, outcome);
        if (_trial.IsUrgent) Judge(now);
    }

    public override void Judge(TimeSpan now) => Reason = _trial.Judge(now).Decision.Reason;

    // The rules of the router for users who belong to one cohort each, or to none: see Router.
    private Variant? Outside(RoutePlan plan, in MadeRequest request)
    {
        var place = (int)(request.Slice / (Simulator.CohortShare * (1L << 32)));
        var cohort = place < _spec.Cohorts.Length ? _spec.Cohorts[place] : null;
        if (cohort is not null && plan.Exclude.Contains(cohort)) return Variant.Stable;
        if (cohort is not null && plan.Include.Contains(cohort)) return Variant.Canary;
        return plan.Eligible.IsEmpty || (cohort is not null && plan.Eligible.Contains(cohort)) ? null : Variant.Stable;
    }
}
