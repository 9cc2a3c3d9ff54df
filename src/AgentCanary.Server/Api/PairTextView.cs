using AgentCanary.Server.Gateway;

namespace AgentCanary.Server.Api;

/// <summary>A request or an answer of a pair as JSON.</summary>
/// <param name="Digest">Equal texts have equal digests while the server runs; it tells nothing else.</param>
/// <param name="Length">How many bytes it had.</param>
/// <param name="Text">The redacted text; null unless <c>shadow.keep</c> asks for it.</param>
public sealed record PairTextView(string Digest, int Length, string? Text)
{
    internal static PairTextView Of(ShadowText text) => new(text.Digest, text.Length, text.Redacted);
}
