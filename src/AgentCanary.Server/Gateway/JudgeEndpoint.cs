using AgentCanary.Server.Files;
using AgentCanary.Server.Outbound;
using AgentCanary.Shadow;
using AgentCanary.Spec;
using Microsoft.AspNetCore.Http;

namespace AgentCanary.Server.Gateway;

/// <summary>Asks judges over HTTP. Thread-safe.</summary>
internal sealed class JudgeEndpoint(OutboundClient client, TimeProvider time)
{
    private const int MostBytes = 64 << 10;

    /// <summary>Asks in both orders.</summary>
    /// <param name="judge">Who is asked.</param>
    /// <param name="question">The question with stable's answer first.</param>
    /// <param name="limits">What the judge may be asked; it rests after a 429.</param>
    /// <param name="cancellation">Gives up.</param>
    /// <exception cref="HttpRequestException">The judge cannot be reached, is at its limit, or fails.</exception>
    /// <exception cref="JudgeRefusedException">It was asked and gave no verdict.</exception>
    public async Task<JudgeVerdict> AskAsync(JudgeSpec judge, JudgeQuestion question, ShadowLimits limits, CancellationToken cancellation)
    {
        var headers = Headers(judge).ToArray();
        var stableFirst = await ChooseAsync(judge, headers, question, limits, cancellation);
        return JudgeRule.Verdict(stableFirst, await ChooseAsync(judge, headers, question.Swapped, limits, cancellation));
    }

    private async Task<JudgeChoice> ChooseAsync(
        JudgeSpec judge, KeyValuePair<string, string>[] headers, JudgeQuestion question, ShadowLimits limits, CancellationToken cancellation)
    {
        using var limit = new CancellationTokenSource(judge.Timeout, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellation);
        var json = judge.Model is { } model ? question.ToChatJson(model, judge.Instruction) : question.ToJson();
        var answer = await PostAsync(judge, headers, json, either.Token);
        if (answer.Status is StatusCodes.Status429TooManyRequests) limits.Rest(RetryAfter.Read(answer.RetryAfter, time.GetUtcNow()));
        if (IsRefusal(answer.Status)) throw new JudgeRefusedException($"The judge answered with status {answer.Status}.");
        if (answer.Status is not (>= 200 and < 300)) throw new HttpRequestException($"The judge answered with status {answer.Status}.");
        return (judge.Model is null ? JudgeReply.Read(answer.Body) : JudgeReply.ReadChat(answer.Body))
            ?? throw new JudgeRefusedException("""The judge's answer is none: it says {"winner":"a"}, "b" or "tie" and nothing around it.""");
    }

    private async Task<OutboundAnswer> PostAsync(JudgeSpec judge, KeyValuePair<string, string>[] headers, byte[] json, CancellationToken cancellation)
    {
        try
        {
            return await client.PostAsync(new(judge.Url), headers, json, MostBytes, cancellation);
        }
        catch (HttpRequestException fault) when (fault.HttpRequestError is HttpRequestError.ConfigurationLimitExceeded)
        {
            throw new JudgeRefusedException(fault.Message);
        }
    }

    // These do not depend on what is asked: a credential, an address, an hour's limit.
    private static bool IsRefusal(int status) => status is >= 400 and < 500
        and not (StatusCodes.Status401Unauthorized or StatusCodes.Status404NotFound or StatusCodes.Status408RequestTimeout or StatusCodes.Status429TooManyRequests);

    private static IEnumerable<KeyValuePair<string, string>> Headers(JudgeSpec judge)
    {
        foreach (var (name, reference) in judge.Headers)
        {
            if (SecretSource.Find(reference, out var value) is { } fault) throw new HttpRequestException($"shadow.judge.headers.{name}: {fault}.");
            yield return new(name, value);
        }
    }
}
