using System.Collections.Immutable;
using AgentCanary.Routing;
using AgentCanary.Spec;

namespace AgentCanary.Control;

/// <summary>Turns what the controller remembers into what the hot path reads.</summary>
public static class PlanCompiler
{
    /// <summary>Compiles a plan.</summary>
    /// <param name="state">The state that is served.</param>
    /// <param name="isCanaryDown">Whether the canary is not ready or not healthy.</param>
    /// <param name="isDisabled">Whether the kill switch is on.</param>
    public static RoutePlan Compile(RolloutState state, bool isCanaryDown = false, bool isDisabled = false)
    {
        ArgumentNullException.ThrowIfNull(state);
        var spec = state.Spec;
        return new()
        {
            Agent = spec.Agent,
            StableVersion = spec.Stable.Version,
            CanaryVersion = spec.Canary.Version,
            Mode = state.Phase switch
            {
                Phase.Completed => RouteMode.Canary,
                Phase.Progressing or Phase.Paused => RouteMode.Split,
                _ => RouteMode.Stable,
            },
            IsDisabled = isDisabled,
            IsCanaryDown = isCanaryDown,
            IsDraining = state.Phase is Phase.RolledBack && state.Pins is PinsOnRollback.Drain,
            Weight = Share(state),
            Shadow = state.Phase is Phase.Progressing && !isCanaryDown && !isDisabled ? state.CurrentStage.Shadow : Weight.None,
            Salt = state.Salt,
            Hash = spec.Sticky.Hash,
            Exclude = Named(spec.Cohorts, spec.Exclude),
            Include = Passed(state),
            Eligible = Named(spec.Cohorts, state.CurrentStage.Cohorts),
            Attempt = state.Attempt,
            Stage = state.Stage,
            Revision = state.Revision,
        };
    }

    /// <summary>The canary's share as it is routed: the holdback stays on stable, so the canary never gets more than what is left.</summary>
    internal static Weight Share(RolloutState state) => new(Math.Min(state.Weight.BasisPoints, Weight.Scale - state.Spec.Analysis.Holdback.BasisPoints));

    private static ImmutableArray<Cohort> Named(ImmutableArray<Cohort> cohorts, ImmutableArray<string> names) => [.. cohorts.Where(cohort => names.Contains(cohort.Name))];

    // A cohort passes with the last full-weight stage that names it, not before.
    private static ImmutableArray<Cohort> Passed(RolloutState state)
    {
        var stages = state.Spec.Stages;
        var names = Enumerable.Range(0, state.Stage)
            .Where(stage => stages[stage].Weight == Weight.Full)
            .SelectMany(stage => stages[stage].Cohorts)
            .Except(state.CurrentStage.Cohorts)
            .ToImmutableArray();
        return Named(state.Spec.Cohorts, names);
    }
}
