using AgentCanary.Protocols;
using AgentCanary.Rescue;
using AgentCanary.Routing;
using AgentCanary.Server.Pins;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace AgentCanary.Server.Gateway;

/// <summary>Takes every request of the data listener: judges it, finds its agent and key, and has it forwarded. Thread-safe.</summary>
internal sealed class AgentProxy(RouteTables tables, CallForwarder forwarder, ShadowGate shadows, VersionPins pins, GatewayCounters counters, TimeProvider time, IOptions<GatewayOptions> options, ILogger<AgentProxy> log)
{
    private readonly GatewayOptions _options = options.Value;
    private readonly TrustedNetworks _trusted = new(options.Value.TrustForce);

    /// <summary>Serves one request. Never throws for what a caller, an agent or a rollout does.</summary>
    public async Task InvokeAsync(HttpContext context)
    {
        var startedAt = time.GetTimestamp();
        counters.OnReceived();
        if (RequestRules.Judge(context, _options.MaxRequestBody) is { } malformed)
        {
            await RefuseAsync(context, malformed);
            return;
        }

        var target = context.Features.GetRequiredFeature<IHttpRequestFeature>().RawTarget;
        if (Find(context, target, out var rest) is not { } route)
        {
            await RefuseAsync(context, Refusal.UnknownAgent);
            return;
        }

        Variant? forced = null;
        if (_trusted.Holds(context.Connection.RemoteIpAddress) && ForcedVariant.Read(context.Request, route.Spec, out forced) is { } unclear)
        {
            await RefuseAsync(context, unclear);
            return;
        }

        var head = new CallHead(context.Request.Method, RequestTarget.PathOf(rest).ToString(), new CallerFields(context.Request.Headers));
        var prefix = ReferenceEquals(rest, target) ? "" : RequestTarget.AgentsPrefix + route.Agent;
        await RouteAsync(context, new(route, rest, prefix, startedAt, time.GetUtcNow(), forced) { Head = head, Protocol = route.Protocol.Of(head), Pin = CallerPin.Read(context.Request, pins, route.Spec.PinTimeToLive) });
    }

    private AgentRoute? Find(HttpContext context, string target, out string rest)
    {
        var host = context.Request.Host.Host;
        var route = tables.Current.Find(host, target, out rest);
        // A spec may be replaced inside a published rollout.
        return route is null || ReferenceEquals(route.Spec, route.Runtime.Spec) ? route : tables.Compile().Find(host, target, out rest);
    }

    private async Task RouteAsync(HttpContext context, CallRequest request)
    {
        ReadBody? body = null;
        var isResent = IsResent(context, request);
        var isRead = isResent || ReadsBody(context, request);
        var isDrawn = shadows.Draws(context, request, isRead);
        if (isDrawn || isRead)
        {
            try
            {
                body = await ReadBody.ReadAsync(context, _options.MaxReadBody);
            }
            catch (BadHttpRequestException fault)
            {
                await RefuseAsync(context, Refusal.BadBody(fault.StatusCode), request.Route.Agent);
                return;
            }
            catch (Exception fault) when (fault is IOException or OperationCanceledException)
            {
                counters.OnGone();
                return;
            }
        }

        var call = Assign(context, request with { Body = body, CanRepeat = body is { IsWhole: true } || ReadBody.IsAbsent(context) });
        if (isResent && StableMayAnswer(call)) call = call with { MayResend = true };
        await forwarder.ForwardAsync(context, isDrawn ? call with { Shadow = ShadowGate.Keep(call) } : call);
        if (context.Response.StatusCode == StatusCodes.Status429TooManyRequests) shadows.Rest(context, call.Route);
    }

    // The ids of a conversation come before every key. The protocol's own key is asked for only where the file's are missing, and not at all where the file wants a draw for each request.
    private static bool ReadsBody(HttpContext context, in CallRequest call) => call.Route.ReadsBody || call.Protocol.HasKeyInBody(call.Head)
        && (call.NamesIds || (call.HasOwnKey && StickyKey.Find(call.Route.Keys, context.Request, []) is null));

    // Known before the version is: whoever may have to send a request twice keeps its body.
    private static bool IsResent(HttpContext context, in CallRequest call) => call.Route is { Resends: not null, Runtime.Plan.Mode: RouteMode.Split }
        && context.Request.Headers.Upgrade.Count == 0 && RescuePolicy.MayResend(call.Protocol, call.Head, call.Route.Spec.RescueRoutes);

    // What asks for the canary by name, or goes on from something that the canary may have made, stable has no answer to.
    private static bool StableMayAnswer(in CallRequest call) => call is { CanRepeat: true, Conversation: null, Assignment: { Variant: Variant.Canary, Reason: not AssignmentReason.Forced } };

    private CallRequest Assign(HttpContext context, CallRequest call)
    {
        var route = call.Route;
        try
        {
            var body = call.Body is null ? [] : call.Body.Bytes;
            var key = StickyKey.Find(route.Keys, context.Request, body);
            var asksForKey = key is null && call.HasOwnKey;
            var reading = asksForKey || call.NamesIds ? call.Protocol.ReadRequest(call.Head, body) : default;
            if (asksForKey) key = reading.Key;
            var request = new RouteRequest(key) { Forced = call.Forced ?? Unfit(context, route, call.Body), Draw = key is null ? (uint)Random.Shared.NextInt64(1L << 32) : 0 };
            var named = call with { Key = key, Protocol = reading.Protocol ?? call.Protocol, CallId = reading.CallId, Cancels = reading.Cancels, IsRead = reading.IsRead };
            return Assign(named, reading, request, new(route.Attributes, context.Request));
        }
        catch (Exception fault)
        {
            log.RoutingFailed(fault, route.Agent);
            return call with { Assignment = new() { Version = route.Stable.Spec.Version, Reason = AssignmentReason.Error, StartTick = -1 } };
        }
    }

    private static CallRequest Assign(CallRequest call, in RequestReading reading, RouteRequest request, CallerAttributes attributes)
    {
        var (route, plan) = (call.Route, call.Route.Runtime.Plan);
        var conversation = reading.Ids.IsEmpty ? null : new Conversation(route.Pins, reading.Ids);
        // Whoever decided at the root of the call tree decided for this agent too; after that comes who owns the conversation.
        var rooted = call.Pin?.Find(route);
        var isShadow = call.Pin is { Says.IsShadow: true };
        var isOrphan = rooted is null && conversation is { Owner: null } && reading.IsRead && request.Forced is null && plan is { Mode: RouteMode.Split, IsCanaryDown: false }
            && call.CanRepeat;
        // Whoever is asked for what nobody knows may have to pass: such a read says nothing of either version. Whom the canary must not serve is not shown it this way either.
        var split = isOrphan || isShadow ? Router.Route(plan, request, attributes) : default;
        isOrphan = isOrphan && split.Reason is not (AssignmentReason.Excluded or AssignmentReason.NotEligible);
        // What a shadow asks for is no evidence, so it is pinned to whatever it would have been given.
        var owner = isOrphan ? split.Variant : rooted ?? conversation?.Owner ?? (isShadow ? split.Variant : null);
        var began = rooted is not null || isShadow || conversation is null || owner is null ? (byte)0 : conversation.Began;
        var assignment = route.Runtime.Assign(request with { Pinned = owner, IsCompared = began == Pin.BeganIn(plan) }, attributes);
        if (assignment.Reason is not AssignmentReason.Pinned) began = assignment.Arm is Arm.Outside ? (byte)0 : Pin.BeganIn(plan);
        return call with { Assignment = assignment, Conversation = conversation, Began = began, MayAskOther = isOrphan };
    }

    // A body too long to be given the canary's fields would make a canary call in name only: stable serves it, outside the analysis.
    private static Variant? Unfit(HttpContext context, AgentRoute route, ReadBody? body)
    {
        if (route.Canary.Spec.Set.IsEmpty || body is { IsWhole: true } || route.Runtime.Plan.Mode != RouteMode.Split) return null;
        return body is not null || context.Request.ContentLength > 0 ? Variant.Stable : null;
    }

    private async Task RefuseAsync(HttpContext context, Refusal refusal, string? agent = null)
    {
        counters.OnRefused(refusal.Reason);
        await Problem.WriteAsync(context, refusal, agent);
    }
}
