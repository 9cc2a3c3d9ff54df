using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using AgentCanary.Shadow;
using AgentCanary.Spec;
using Microsoft.AspNetCore.Http;

namespace AgentCanary.Server.Gateway;

/// <summary>Compares what stable and a shadow answered, counts it, and keeps of it what the file allows. Thread-safe.</summary>
internal sealed class ShadowComparer(ShadowPairs pairs, JudgeQueues judges, TimeProvider time)
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
        if (TermsOf(call).Judge is not { } judge) Count(call, answer, similarity, null, isSuccess && similarity >= AnswerComparison.Least(terms));
        else if (ShadowPolicy.IsSampled(judge.Sample, Random.Shared.Next(Weight.Scale))) Ask(judge, call, answer, similarity);
        else Count(call, answer, similarity, null, null);
    }

    // Also of a pair whose figure is known, for whether it counts depends on the judge alone: an answer that failed stands in for stable's own, so that its question is like any other.
    private void Ask(JudgeSpec judge, ShadowCall call, ShadowAnswer? answer, double similarity)
    {
        var isSuccess = answer is { IsSuccess: true };
        bool? known = !isSuccess ? false : similarity >= 1 ? true : null;
        var stable = AnswerText.Of(call.Answer.Body ?? default, TermsOf(call).Agreement);
        var canary = isSuccess ? AnswerText.Of(answer!.Body!.Value, TermsOf(call).Agreement) : stable;
        var request = call.Body.Length > 0 ? Encoding.UTF8.GetString(call.Body) : $"{call.Method} {call.Target}";
        judges.Offer(new(call.Route.Agent, judge, new(request, stable, canary), (verdict, isRefused) =>
        {
            if (isRefused) call.Route.Runtime.RecordRefusedPair(call.Assignment);
            Count(call, answer, similarity, verdict, JudgeRule.Evidence(known, verdict));
        }));
    }

    private void Count(ShadowCall call, ShadowAnswer? answer, double similarity, JudgeVerdict? verdict, bool? agrees)
    {
        if (agrees is { } counts) call.Route.Runtime.RecordAgreement(call.Assignment, counts);
        var line = $"{call.Method} {Redaction.Of(RequestTarget.PathOf(call.Target).ToString())}";
        pairs.Add(call.Route.Agent, new(time.GetUtcNow(), call.Assignment, line, answer?.Status, similarity, verdict, agrees)
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
