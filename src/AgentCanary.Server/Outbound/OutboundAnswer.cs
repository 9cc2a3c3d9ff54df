using System.Net.Http.Headers;

namespace AgentCanary.Server.Outbound;

/// <summary>What somebody outside answered. Immutable.</summary>
/// <param name="Status">The status code.</param>
/// <param name="RetryAfter">How long it asks to be left alone, or null.</param>
/// <param name="Body">The body.</param>
internal sealed record OutboundAnswer(int Status, RetryConditionHeaderValue? RetryAfter, ReadOnlyMemory<byte> Body);
