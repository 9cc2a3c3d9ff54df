using AgentCanary.Shadow;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Options;

namespace AgentCanary.Server.Gateway;

/// <summary>Draws the requests that are shown to the shadow, and tells which of them may be repeated. Thread-safe; never throws.</summary>
internal sealed class ShadowGate(ShadowQueues queues, TimeProvider time, IOptions<GatewayOptions> options)
{
    /// <summary>The longest body that is repeated: what waits for a shadow stays in memory.</summary>
    public const int MostBytes = 256 << 10;

    // The limit may be one user's own, who must not keep everybody's shadow from running.
    private static readonly TimeSpan LongestForOne = TimeSpan.FromSeconds(30);

    private readonly int _mostBytes = Math.Min(MostBytes, options.Value.MaxReadBody);

    /// <summary>Tells whether a request was drawn. Then its body is read before it is forwarded; one whose length is not known only where it is read in any case, so that no upload waits for the shadow.</summary>
    public bool Draws(HttpContext context, in CallRequest call, bool isRead)
    {
        var plan = call.Route.Runtime.Plan;
        return plan.Shadow > Weight.None && ShadowPolicy.IsSampled(plan.Shadow, Random.Shared.Next(Weight.Scale)) && MayRepeat(context, call, isRead);
    }

    /// <summary>Begins to keep a request that was drawn and has been assigned.</summary>
    /// <returns>Null where it is none to repeat after all: the user is not one of those whom the split gave stable, or a conversation goes on that the canary does not know.</returns>
    public static ShadowCall? Keep(in CallRequest call)
    {
        var isSplit = call.Assignment is { Arm: Arm.Control, Variant: Variant.Stable, Reason: AssignmentReason.Split or AssignmentReason.Unkeyed };
        var isShort = call.Body is null || call.Body.Bytes.Length <= MostBytes;
        return isSplit && isShort && call is { CanRepeat: true, Conversation: null, MayAskOther: false } ? new(call.Route, call.Assignment) : null;
    }

    /// <summary>Lets an agent's shadow rest after an answer of 429, where stable gave it, for 30 s at most.</summary>
    public void Rest(HttpContext context, AgentRoute route)
    {
        var headers = context.Response.Headers;
        if (route.Runtime.Plan.Shadow > Weight.None && headers["X-Canary-Variant"] == Variant.Stable.WireName)
            queues.LimitsOf(route).Rest(RetryAfter.Read(headers.RetryAfter, time.GetUtcNow()) is { } asked && asked < LongestForOne ? asked : null);
    }

    // A shadow's calls are shown to no other shadow, whoever says that they are some. Streams that a caller listens to and upgraded connections have no end that could be compared.
    private bool MayRepeat(HttpContext context, in CallRequest call, bool isRead) =>
        (ReadBody.IsAbsent(context) || (context.Request.ContentLength is { } length ? length <= _mostBytes : isRead))
        && ShadowPolicy.MayRepeat(context.Request.Method, RequestTarget.PathOf(call.Target), call.Route.Spec.Shadow?.Safe ?? [])
        && !ShadowPolicy.HasCredentialInQuery(call.Target)
        && context.Request.Headers.Upgrade.Count == 0
        && !Baggage.HasShadow(context.Request.Headers[Baggage.Name])
        && !IsEventStream(context.Request);

    private static bool IsEventStream(HttpRequest request) =>
        HttpMethods.IsGet(request.Method) && request.Headers.Accept.ToString().Contains("text/event-stream", StringComparison.OrdinalIgnoreCase);
}
