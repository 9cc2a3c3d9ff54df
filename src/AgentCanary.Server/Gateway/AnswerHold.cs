using AgentCanary.Protocols;

namespace AgentCanary.Server.Gateway;

/// <summary>Holds the canary's answer back while stable could still give another one, and judges what it has said until then.</summary>
internal static class AnswerHold
{
    /// <summary>Judges an answer before anything of it has been passed on. If it stands, its body can still be read from the beginning.</summary>
    /// <returns>Whether it failed before its content began, and stable answers in its place; the failure is then recorded.</returns>
    public static async ValueTask<bool> IsReplacedAsync(HttpResponseMessage answer, ForwardedCall call, CallTerms terms, CancellationToken cancellationToken)
    {
        var status = (int)answer.StatusCode;
        if (!MayFail(status) || IsListenedTo(answer, call)) return false;
        var head = new AnswerHead(status, new AgentFields(answer.Headers, answer.Content.Headers));
        var reader = call.Record.Hold(head);
        var held = new HeldAnswer(await answer.Content.ReadAsStreamAsync(cancellationToken), terms.Time, cancellationToken);
        AnswerBody.Replace(answer, held);
        var end = await held.HoldAsync(reader, mayHaveContent: status < 300, fault => EndOf(call, fault));
        return (end is not null || status >= 500) && terms.Rescue.TakesHeld(call, answer, end ?? AnswerEnd.Complete);
    }

    // What has no body of its protocol cannot fail in it, and a 429 asks everybody to send less.
    private static bool MayFail(int status) => status is >= 200 and < 300 and not (202 or 204 or 205) or >= 400 and not 429;

    // A stream that has no end of its own is recorded as it begins.
    private static bool IsListenedTo(HttpResponseMessage answer, ForwardedCall call) => answer is { IsSuccessStatusCode: true, Content.Headers.ContentType.MediaType: { } type }
        && type.Equals("text/event-stream", StringComparison.OrdinalIgnoreCase) && call.Request.Protocol.Listens(call.Request.Head);

    // A caller who leaves and a version that is withdrawn end the call, not the answer.
    private static AnswerEnd? EndOf(ForwardedCall call, Exception fault)
    {
        if (call.Cut.IsCancellationRequested) return null;
        call.OnBodyFault(fault);
        return call.BodyFaultClass switch
        {
            OutcomeClass.CanceledByClient => null,
            OutcomeClass.Timeout => AnswerEnd.TimedOut,
            _ => AnswerEnd.Broken,
        };
    }
}
