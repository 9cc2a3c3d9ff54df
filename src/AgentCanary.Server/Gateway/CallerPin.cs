using Microsoft.AspNetCore.Http;

namespace AgentCanary.Server.Gateway;

/// <summary>The version pin that a request carries, where it is ours.</summary>
/// <param name="Text">The pin as it came, to be passed on unchanged: the root of the call tree decides for all of it.</param>
/// <param name="Says">What it says.</param>
internal readonly record struct CallerPin(string Text, PinnedVersion Says)
{
    public const string Header = "X-Canary-Pin";

    /// <summary>Reads the header, or where it is missing the baggage. Only the plain spelling counts, and only once.</summary>
    /// <returns>Null where there is no pin, or it is not ours or too old.</returns>
    public static CallerPin? Read(HttpRequest request, VersionPins pins, TimeSpan timeToLive)
    {
        var header = request.Headers[Header];
        var text = header.Count == 0 ? Baggage.Find(request.Headers[Baggage.Name]) : header.Count == 1 ? header[0] : null;
        return text is not null && pins.TryRead(text, timeToLive) is { } says ? new(text, says) : null;
    }

    /// <summary>Finds which variant the pin asks for; null where its version takes no part in this rollout.</summary>
    public Variant? Find(AgentRoute route) =>
        Says.Version == route.Canary.Number ? Variant.Canary : Says.Version == route.Stable.Number ? Variant.Stable : null;
}
