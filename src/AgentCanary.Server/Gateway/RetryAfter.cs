using System.Net.Http.Headers;

namespace AgentCanary.Server.Gateway;

/// <summary>Reads <c>Retry-After</c> (RFC 9110, 10.2.3): seconds or a date.</summary>
internal static class RetryAfter
{
    /// <summary>Reads the header.</summary>
    /// <returns>How long to wait, never negative; null where there is none, or it makes no sense.</returns>
    public static TimeSpan? Read(string? header, DateTimeOffset now) => RetryConditionHeaderValue.TryParse(header, out var value) ? Read(value, now) : null;

    /// <summary>Reads the header as the client has parsed it.</summary>
    public static TimeSpan? Read(RetryConditionHeaderValue? value, DateTimeOffset now) =>
        value?.Delta ?? (value?.Date is { } date ? date < now ? TimeSpan.Zero : date - now : null);
}
