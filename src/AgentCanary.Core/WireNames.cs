using System.Collections.Immutable;
using System.Diagnostics;

namespace AgentCanary;

/// <summary>The names that other programs see for the members of the enums. Chosen, not derived: renaming a member changes no name.</summary>
public static class WireNames
{
    /// <summary>Gets the names of all outcome classes, in the order of <see cref="OutcomeClass"/>.</summary>
    public static ImmutableArray<string> OutcomeClasses { get; } =
    [
        "ok", "input_required", "error_upstream", "error_client", "rate_limited", "refusal", "safety", "truncated",
        "tool_error", "stream_broken", "timeout", "canceled_by_client", "abandoned",
    ];

    /// <summary>Finds an outcome class by its wire name.</summary>
    /// <returns>Whether the name is one of the 13.</returns>
    public static bool TryParse(string? name, out OutcomeClass outcomeClass)
    {
        var index = name is null ? -1 : OutcomeClasses.IndexOf(name);
        outcomeClass = (OutcomeClass)Math.Max(index, 0);
        return index >= 0;
    }

    extension(OutcomeClass outcomeClass)
    {
        /// <summary>Gets the name on the wire, such as <c>error_upstream</c>.</summary>
        public string WireName => OutcomeClasses[(int)outcomeClass];

        /// <summary>Gets whether the call failed: <c>error_upstream</c>, <c>timeout</c>, <c>stream_broken</c> or <c>safety</c>.</summary>
        public bool IsFailure => outcomeClass is OutcomeClass.ErrorUpstream or OutcomeClass.Timeout or OutcomeClass.StreamBroken or OutcomeClass.Safety;

        /// <summary>Gets whether the call counts in <c>error_rate</c> and <c>success_rate</c>.</summary>
        public bool IsCounted => outcomeClass is not (OutcomeClass.ErrorClient or OutcomeClass.RateLimited or OutcomeClass.CanceledByClient
            or OutcomeClass.Abandoned or OutcomeClass.InputRequired);
    }

    extension(Variant variant)
    {
        /// <summary>Gets <c>stable</c> or <c>canary</c>.</summary>
        public string WireName => variant switch { Variant.Stable => "stable", Variant.Canary => "canary", _ => throw new UnreachableException() };
    }

    extension(Arm arm)
    {
        /// <summary>Gets <c>outside</c>, <c>control</c> or <c>canary</c>.</summary>
        public string WireName => arm switch
        {
            Arm.Outside => "outside",
            Arm.Control => "control",
            Arm.Canary => "canary",
            _ => throw new UnreachableException(),
        };
    }
}
