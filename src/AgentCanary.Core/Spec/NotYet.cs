using System.Collections.Immutable;

namespace AgentCanary.Spec;

/// <summary>Refuses what the file format knows and this release would silently ignore. Building one of them takes its line out.</summary>
internal static class NotYet
{
    private static readonly ImmutableArray<Refusal> Refusals =
    [
        new("notify", Refusal.HasItems, "notifying", "take notify out"),
        new("hooks", Refusal.HasFields, "calling hooks", "take hooks out"),
    ];

    public static void Judge(Place root)
    {
        foreach (var refusal in Refusals) refusal.Judge(root);
    }
}
