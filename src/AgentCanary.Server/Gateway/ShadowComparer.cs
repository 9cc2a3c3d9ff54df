using System.Globalization;
using System.Security.Cryptography;
using AgentCanary.Shadow;
using AgentCanary.Spec;
using Microsoft.AspNetCore.Http;

namespace AgentCanary.Server.Gateway;

/// <summary>Compares what stable and a shadow answered, counts it, and keeps of it what the file allows. Thread-safe.</summary>
internal sealed class ShadowComparer(ShadowPairs pairs, TimeProvider time)
{
    private const int MostLetters = 8_192;
    private static readonly ShadowSpec Usual = new();

    private readonly KeyedHash _digests = new(RandomNumberGenerator.GetBytes(32));

    /// <summary>Compares an answer. A shadow that is rate-limited, and answers of which one was not kept, say nothing of the canary.</summary>
    /// <param name="call">The call.</param>
    /// <param name="answer">What the shadow answered; null where it did not, which disagrees.</param>
    public void Compare(ShadowCall call, ShadowAnswer? answer)
    {
        if (answer?.Status is StatusCodes.Status429TooManyRequests) return;
        var isSuccess = answer is { IsSuccess: true };
        if (isSuccess && (call.Answer.Body is null || answer!.Body is null)) return;
        var terms = TermsOf(call).Agreement;
        var similarity = isSuccess ? AnswerComparison.Similarity(call.Answer.Body!.Value, answer!.Body!.Value, terms) : 0;
        Count(call, answer, similarity, isSuccess && similarity >= AnswerComparison.Least(terms));
    }

    private void Count(ShadowCall call, ShadowAnswer? answer, double similarity, bool agrees)
    {
        call.Route.Runtime.RecordAgreement(call.Assignment, agrees);
        var line = $"{call.Method} {Redaction.Of(RequestTarget.PathOf(call.Target).ToString())}";
        pairs.Add(call.Route.Agent, new(time.GetUtcNow(), call.Assignment, line, answer?.Status, similarity, null, agrees)
        {
            Version = call.Route.Canary.Spec.Version,
            Request = TextOf(call, call.Body),
            Stable = TextOf(call, call.Answer.Body ?? default),
            Canary = answer?.Body is { } body ? TextOf(call, body) : null,
        });
    }

    private ShadowText TextOf(ShadowCall call, ReadOnlyMemory<byte> bytes)
    {
        Span<byte> digest = stackalloc byte[HMACSHA256.HashSizeInBytes];
        _digests.Compute(bytes.Span, digest);
        return new(Convert.ToHexStringLower(digest[..8]), bytes.Length, TermsOf(call).Keep > 0 ? Readable(AnswerText.Of(bytes, TermsOf(call).Agreement)) : null);
    }

    private static string Readable(string text)
    {
        var redacted = Redaction.Of(text);
        return redacted.Length <= MostLetters ? redacted
            : string.Create(CultureInfo.InvariantCulture, $"{redacted.AsSpan(0, MostLetters)}… ({redacted.Length - MostLetters} more)");
    }

    private static ShadowSpec TermsOf(ShadowCall call) => call.Route.Spec.Shadow ?? Usual;
}
