using AgentCanary.Spec;

namespace AgentCanary.Control;

/// <summary>What of a rollout may change while its evidence stands. Pure and thread-safe.</summary>
internal static class PlanRules
{
    private static readonly ShadowSpec Usual = new();

    /// <summary>Gives a spec the terms of another one that no evidence rests on: equal then are those with the same plan.</summary>
    public static RolloutSpec WithTermsOf(RolloutSpec spec, RolloutSpec other) => spec with
    {
        Stable = other.Stable,
        Canary = other.Canary,
        Host = other.Host,
        Health = other.Health,
        Rescue = other.Rescue,
        RescueRoutes = other.RescueRoutes,
        PinTimeToLive = other.PinTimeToLive,
        PinsOnRollback = other.PinsOnRollback,
        Protocol = other.Protocol,
        Shadow = WithTermsOf(spec.Shadow ?? Usual, other.Shadow ?? Usual),
    };

    // A pair that was not sent, or has no verdict, is no evidence; how many there may be is no part of what those that are say.
    private static ShadowSpec WithTermsOf(ShadowSpec spec, ShadowSpec other) => spec with
    {
        Keep = other.Keep,
        KeepFor = other.KeepFor,
        Budget = other.Budget,
        Forward = other.Forward,
        Judge = spec.Judge is { } judge && other.Judge is { } asked ? judge with { Headers = asked.Headers, PerHour = asked.PerHour, Timeout = asked.Timeout } : spec.Judge,
    };
}
