namespace AgentCanary.Routing;

/// <summary>Decides which version serves a request. Pure, thread-safe, never throws, allocates nothing.</summary>
public static class Router
{
    /// <summary>Routes a request by its key alone. Without a key stable serves, unless the canary has everybody.</summary>
    /// <param name="plan">The newest plan.</param>
    /// <param name="key">The sticky key, any string, or null where the request has none.</param>
    public static Assignment Route(RoutePlan plan, string? key) =>
        Route(plan, new RouteRequest(key) { Draw = uint.MaxValue }, new NoAttributes());

    /// <summary>
    /// Routes a request by the rules of the plan, in order. Any fault, one of the attributes included, gives stable and
    /// <see cref="AssignmentReason.Error"/>.
    /// </summary>
    /// <param name="plan">The newest plan.</param>
    /// <param name="request">The key, and what was settled before.</param>
    /// <param name="attributes">What the request says of its caller; read only where the plan names cohorts.</param>
    public static Assignment Route<TAttributes>(RoutePlan plan, in RouteRequest request, in TAttributes attributes)
        where TAttributes : IAttributes
    {
        if (plan is null) return new() { Version = "", Reason = AssignmentReason.Error, StartTick = -1 };
        try
        {
            return Judge(plan, request, attributes);
        }
        catch (Exception)
        {
            return Stable(plan, AssignmentReason.Error, keyHash: 0);
        }
    }

    private static Assignment Judge<TAttributes>(RoutePlan plan, in RouteRequest request, in TAttributes attributes)
        where TAttributes : IAttributes
    {
        var keyHash = request.Key is { } key ? StickyHash.Hash(key, plan.Salt) : 0;
        if (plan.IsDisabled) return Stable(plan, AssignmentReason.Disabled, keyHash);
        if (plan.Mode is not RouteMode.Split) return Ended(plan, request, keyHash);
        if (request.Forced is Variant.Canary) return Canary(plan, AssignmentReason.Forced, keyHash);
        if (request.Forced is not null) return Stable(plan, AssignmentReason.Forced, keyHash);
        if (request.Pinned is { } owner) return Pinned(plan, request, owner, keyHash);
        if (CohortMatching.MatchesAny(plan.Exclude, attributes)) return Stable(plan, AssignmentReason.Excluded, keyHash);
        if (CohortMatching.MatchesAny(plan.Include, attributes)) return CanaryUnlessDown(plan, AssignmentReason.Included, keyHash);
        if (!plan.Eligible.IsEmpty && !CohortMatching.MatchesAny(plan.Eligible, attributes))
            return Stable(plan, AssignmentReason.NotEligible, keyHash);
        // Control is stable beside a canary that serves; while it does not, there is nothing to compare with.
        return plan.IsCanaryDown ? Stable(plan, AssignmentReason.Unhealthy, keyHash) : Split(plan, request, keyHash);
    }

    // Everybody has one version now, but for conversations that finish on the other one: after a promotion on stable, after a rollback where the file says so.
    private static Assignment Ended(RoutePlan plan, in RouteRequest request, ulong keyHash) => (plan.Mode, request.Pinned) switch
    {
        (RouteMode.Canary, Variant.Stable) => Stable(plan, AssignmentReason.Pinned, keyHash),
        (RouteMode.Canary, _) => Canary(plan, AssignmentReason.Static, keyHash),
        (_, Variant.Canary) when plan.IsDraining => CanaryUnlessDown(plan, AssignmentReason.Pinned, keyHash),
        _ => Stable(plan, AssignmentReason.Static, keyHash),
    };

    // While the canary is down stable's conversations are no control, as in the split.
    private static Assignment Pinned(RoutePlan plan, in RouteRequest request, Variant owner, ulong keyHash)
    {
        if (!request.IsCompared || plan.IsCanaryDown)
            return owner is Variant.Canary ? CanaryUnlessDown(plan, AssignmentReason.Pinned, keyHash) : Stable(plan, AssignmentReason.Pinned, keyHash);
        return Assign(plan, owner, owner is Variant.Canary ? Arm.Canary : Arm.Control, AssignmentReason.Pinned, keyHash);
    }

    private static Assignment Split(RoutePlan plan, in RouteRequest request, ulong keyHash)
    {
        var (bucket, reason) = request.Key is not { } key ? (request.Draw, AssignmentReason.Unkeyed)
            : plan.Hash is StickyHashKind.Md5 ? (StickyHash.Md5Bucket(key), AssignmentReason.Split)
            : ((uint)(keyHash >> 32), AssignmentReason.Split);
        return StickyHash.IsCanary(bucket, plan.Weight)
            ? Assign(plan, Variant.Canary, Arm.Canary, reason, keyHash)
            : Assign(plan, Variant.Stable, Arm.Control, reason, keyHash);
    }

    private static Assignment CanaryUnlessDown(RoutePlan plan, AssignmentReason reason, ulong keyHash) =>
        plan.IsCanaryDown ? Stable(plan, AssignmentReason.Unhealthy, keyHash) : Canary(plan, reason, keyHash);

    private static Assignment Canary(RoutePlan plan, AssignmentReason reason, ulong keyHash) =>
        Assign(plan, Variant.Canary, Arm.Outside, reason, keyHash);

    private static Assignment Stable(RoutePlan plan, AssignmentReason reason, ulong keyHash) =>
        Assign(plan, Variant.Stable, Arm.Outside, reason, keyHash);

    // Where the start is not counted yet, there is no start tick: whoever counts it fills it in.
    private static Assignment Assign(RoutePlan plan, Variant variant, Arm arm, AssignmentReason reason, ulong keyHash) => new()
    {
        Version = variant is Variant.Canary ? plan.CanaryVersion : plan.StableVersion,
        Variant = variant,
        Arm = arm,
        Reason = reason,
        KeyHash = keyHash,
        Attempt = plan.Attempt,
        Stage = plan.Stage,
        Revision = plan.Revision,
        StartTick = -1,
    };
}
