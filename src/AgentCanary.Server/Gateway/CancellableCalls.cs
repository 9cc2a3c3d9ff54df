using System.Collections.Concurrent;

namespace AgentCanary.Server.Gateway;

/// <summary>The calls under way that their callers may cancel by another request, by agent and <see cref="CallRequest.CallId"/>. Thread-safe; calls without an id cost nothing.</summary>
internal sealed class CancellableCalls
{
    private readonly ConcurrentDictionary<(string Agent, string Id), CallRecord> _calls = new();

    /// <summary>Notes a call, and cancels the one that it is there to cancel.</summary>
    public void Begin(in CallRequest request, CallRecord call)
    {
        if (request.CallId is { } id) _calls[(request.Route.Agent, id)] = call;
        if (request.Cancels is { } canceled && _calls.TryGetValue((request.Route.Agent, canceled), out var other)) other.MakeCanceled();
    }

    /// <summary>Forgets a call that has ended.</summary>
    public void End(in CallRequest request)
    {
        if (request.CallId is { } id) _calls.TryRemove((request.Route.Agent, id), out _);
    }
}
