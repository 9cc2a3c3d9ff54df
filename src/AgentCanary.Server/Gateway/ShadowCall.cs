using System.Collections.Immutable;
using Microsoft.AspNetCore.Http;

namespace AgentCanary.Server.Gateway;

/// <summary>A request that was sampled for the shadow, and what stable answered. Immutable but for its copy of the answer.</summary>
/// <param name="Route">The agent.</param>
/// <param name="Assignment">Who served the user.</param>
internal sealed record ShadowCall(AgentRoute Route, Assignment Assignment)
{
    /// <summary>Gets the copy of stable's answer.</summary>
    public AnswerCopy Copy { get; } = new();

    /// <summary>Gets the method.</summary>
    public string Method { get; private init; } = "";

    /// <summary>Gets path and query.</summary>
    public string Target { get; private init; } = "";

    /// <summary>Gets the headers that pass.</summary>
    public ImmutableArray<KeyValuePair<string, string>> Headers { get; private init; } = [];

    /// <summary>Gets the body; empty without one.</summary>
    public byte[] Body { get; private init; } = [];

    /// <summary>Gets what stable answered.</summary>
    public ShadowAnswer Answer { get; private init; } = new(0, null);

    /// <summary>Makes what waits for the shadow: the request as it came, without what stays behind, and stable's answer. Only once the user has the answer, who need not wait for it.</summary>
    public ShadowCall Answered(HttpContext context, in CallRequest request, CarriedPin pin) => this with
    {
        Method = context.Request.Method,
        Target = request.Target,
        Headers = ShadowHeaders.Keep(context.Request.Headers, Route.Spec.Shadow, pin),
        Body = request.Body is null ? [] : request.Body.Bytes.ToArray(),
        Answer = new(context.Response.StatusCode, Copy.Bytes),
    };
}
