using AgentCanary.Control;
using AgentCanary.Spec;

namespace AgentCanary.Server.Controller;

/// <summary>Says what applying a file means for a rollout that is already known.</summary>
internal static class ApplyRule
{
    /// <summary>Judges a file against the known rollout of its agent.</summary>
    /// <returns>The command to give, or null where nothing is to be done or the file is refused; and why.</returns>
    public static (RolloutCommand? Command, (string Text, bool IsRefusal) Reason) Judge(RolloutState state, RolloutSpec spec, bool supersede)
    {
        if (RolloutMachine.IsSamePair(state.Spec, spec))
        {
            if (RolloutJson.SameTerms(state.Spec, spec)) return (null, ($"the rollout is known and goes on: {state.Phase}", false));
            if (RolloutMachine.IsSamePlan(state.Spec, spec)) return (new RolloutCommand.Amend(spec), ("other terms that no evidence rests on, such as addresses, probes, headers or what is kept of a shadow", false));
            return supersede
                ? (new RolloutCommand.Supersede(spec), ("other terms for the same versions: a new attempt", false))
                : (null, ($"{Pair(spec)} is already known with other stages or checks ({state.Phase}): use --supersede to begin a new attempt with the new terms", true));
        }
        // Another version is another rollout: whoever writes it wants that one, as with every tool of the kind.
        return (new RolloutCommand.Supersede(spec), ($"{Pair(spec)} replaces {Pair(state.Spec)}", false));
    }

    private static string Pair(RolloutSpec spec) => $"'{spec.Stable.Version}' to '{spec.Canary.Version}'";
}
