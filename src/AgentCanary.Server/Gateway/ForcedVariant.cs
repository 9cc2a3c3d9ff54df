using AgentCanary.Spec;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Primitives;

namespace AgentCanary.Server.Gateway;

/// <summary>Reads which variant an authorised caller asks for. Only the plain spelling counts, and only once.</summary>
internal static class ForcedVariant
{
    private const string Choice = "X-Canary";
    private const string Version = "X-Canary-Version";

    /// <summary>Reads the headers.</summary>
    /// <param name="request">A request of a caller who may force.</param>
    /// <param name="spec">The rollout.</param>
    /// <param name="forced">The variant, or null where none is asked for.</param>
    /// <returns>Null, or why the wish cannot be followed.</returns>
    public static Refusal? Read(HttpRequest request, RolloutSpec spec, out Variant? forced)
    {
        forced = null;
        var choice = request.Headers[Choice];
        var version = request.Headers[Version];
        if (choice.Count == 0 && version.Count == 0) return null;
        if (choice.Count > 1 || version.Count > 1) return Bad("is sent more than once");
        if (choice.Count == 1 && (forced = OfChoice(choice)) is null) return Bad($"{Choice} is '{choice}', not true or false");
        if (version.Count == 0) return null;
        var byVersion = OfVersion(version, spec);
        if (byVersion is null) return Bad($"{Version} is '{version}', neither {spec.Stable.Version} nor {spec.Canary.Version}");
        if (forced is not null && forced != byVersion) return Bad($"{Choice} and {Version} contradict each other");
        forced = byVersion;
        return null;
    }

    private static Variant? OfChoice(StringValues value) => value.ToString() switch
    {
        var text when text.Equals("true", StringComparison.OrdinalIgnoreCase) => Variant.Canary,
        var text when text.Equals("false", StringComparison.OrdinalIgnoreCase) => Variant.Stable,
        _ => null,
    };

    private static Variant? OfVersion(StringValues value, RolloutSpec spec) =>
        value == spec.Canary.Version ? Variant.Canary : value == spec.Stable.Version ? Variant.Stable : null;

    private static Refusal Bad(string fault) => new(400, "bad_force", $"The forced variant {fault}. Send X-Canary: true or false, or X-Canary-Version with a version of this rollout.");
}
