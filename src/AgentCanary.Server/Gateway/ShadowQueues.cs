using System.Collections.Concurrent;
using AgentCanary.Shadow;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace AgentCanary.Server.Gateway;

/// <summary>
/// What waits for the shadow of each agent: a bounded queue of its own, whose newest call is dropped when it is full. Thread-safe. Handing a call over never waits and never throws.
/// </summary>
internal sealed class ShadowQueues(ShadowComparer comparer, GatewayCounters counters, VersionPins pins, IOptions<GatewayOptions> options, TimeProvider time, ILogger<ShadowQueues> log) : IAsyncDisposable
{
    // At most 64 requests with bodies of 256 KiB, and as much of stable's answers.
    private const int Capacity = 64;

    private readonly ConcurrentDictionary<string, ShadowQueue> _queues = new(StringComparer.Ordinal);
    private readonly Lock _gate = new();
    private readonly CancellationTokenSource _closing = new();

    /// <summary>Offers a call after stable has answered it, if it was drawn.</summary>
    public void Offer(HttpContext context, in CallRequest request)
    {
        if (request.Shadow is not { } call) return;
        try
        {
            var queue = Of(call.Route.Agent);
            queue.Limits.Budget = call.Route.Spec.Shadow?.Budget ?? ShadowBudget.Standard;
            _ = queue.Calls.CallAsync(call.Answered(context, request, PinOf(request)));
        }
        catch (Exception fault)
        {
            log.ShadowNotKept(fault, call.Route.Agent);
        }
    }

    /// <summary>Gets what an agent's shadow may take.</summary>
    public ShadowLimits LimitsOf(AgentRoute route) => Of(route.Agent).Limits;

    /// <summary>Gives up what still runs, so that a shadow that hangs does not keep the process.</summary>
    public async ValueTask DisposeAsync()
    {
        await _closing.CancelAsync();
        foreach (var queue in _queues.Values) await queue.Calls.DisposeAsync();
    }

    // The root of a call tree decides for all of it; that this part of the tree is a shadow's, we say.
    private CarriedPin PinOf(in CallRequest request) => request.Pin is { } root
        ? new(pins.Make(root.Says with { IsShadow = true }, request.CameAt), IsShadow: true)
        : request.Route.Canary.ShadowPinOf(pins, request.CameAt);

    // Under a lock, so that no queue is opened twice and none is left without its counts.
    private ShadowQueue Of(string agent)
    {
        if (_queues.TryGetValue(agent, out var queue)) return queue;
        lock (_gate)
        {
            if (_queues.TryGetValue(agent, out queue)) return queue;
            _queues[agent] = queue = Open(agent);
        }
        counters.WatchShadow(agent, () => queue.Status);
        return queue;
    }

    private ShadowQueue Open(string agent)
    {
        var limits = new ShadowLimits(time);
        var terms = new ShadowOptions
        {
            QueueCapacity = Capacity,
            MaxConcurrency = options.Value.ShadowConcurrency,
            Timeout = options.Value.ShadowTimeout,
            Limits = limits,
            TimeProvider = time,
            Logger = new AgentLogger(log, agent),
        };
        return new(new(static (call, _) => Task.FromResult(call.Answer), (call, cancellation) => SendAsync(call, limits, cancellation), options: terms), limits);
    }

    private async Task<ShadowAnswer> SendAsync(ShadowCall call, ShadowLimits limits, CancellationToken cancellation)
    {
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellation, _closing.Token);
        try
        {
            var answer = await ShadowSender.SendAsync(call, time.GetUtcNow(), either.Token);
            Count(call, answer, limits);
            comparer.Compare(call, answer);
            return answer;
        }
        catch (Exception fault) when (fault is HttpRequestException or IOException or OperationCanceledException)
        {
            // What was never connected took nothing, but is no average either.
            if (fault is HttpRequestException { HttpRequestError: HttpRequestError.ConnectionError or HttpRequestError.NameResolutionError }) limits.Took(null, null, mustSay: false);
            // A canary that does not answer what stable answered disagrees; one that was given up with the process says nothing.
            if (!_closing.IsCancellationRequested) comparer.Compare(call, null);
            throw;
        }
    }

    // A read that no model is known to have answered need not say what it took; anything else that was answered must.
    private static void Count(ShadowCall call, ShadowAnswer answer, ShadowLimits limits)
    {
        if (answer.Status == StatusCodes.Status429TooManyRequests) limits.Rest(answer.RetryAfter);
        limits.Took(answer.Tokens, answer.Cost, mustSay: answer.IsSuccess && !ShadowPolicy.IsRead(call.Method));
    }
}
