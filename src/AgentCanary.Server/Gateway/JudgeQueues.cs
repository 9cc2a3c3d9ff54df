using System.Collections.Concurrent;
using System.Numerics;
using AgentCanary.Shadow;
using Microsoft.Extensions.Logging;

namespace AgentCanary.Server.Gateway;

/// <summary>
/// What waits for the judge of each agent: a bounded queue of its own, so that a slow judge holds up neither users nor shadows. Thread-safe. Handing a pair over never waits and never throws.
/// </summary>
internal sealed class JudgeQueues(JudgeEndpoint endpoint, GatewayCounters counters, TimeProvider time, ILogger<JudgeQueues> log) : IAsyncDisposable
{
    // At most 16 requests of 256 KiB, and as many pairs of answers.
    private const int Capacity = 16;
    private const int Concurrency = 4;
    private const int FewestToTell = 16;

    // Each call has a limit of its own, of 5 min at most, and a pair has two.
    private static readonly TimeSpan Longest = TimeSpan.FromMinutes(11);

    private readonly ConcurrentDictionary<string, JudgeQueue> _queues = new(StringComparer.Ordinal);
    private readonly Lock _gate = new();
    private readonly CancellationTokenSource _closing = new();

    /// <summary>Offers a pair.</summary>
    public void Offer(JudgeCall call)
    {
        var queue = Of(call.Agent);
        queue.Limits.Budget = new() { Requests = call.Judge.PerHour };
        if (queue.Limits.Stop is null && queue.TryEnter()) _ = queue.Calls.CallAsync(call);
        else queue.End(call, null);
    }

    /// <summary>Gives up what still runs, so that a judge that hangs does not keep the process.</summary>
    public async ValueTask DisposeAsync()
    {
        await _closing.CancelAsync();
        foreach (var queue in _queues.Values) await queue.Calls.DisposeAsync();
    }

    private JudgeQueue Of(string agent)
    {
        if (_queues.TryGetValue(agent, out var queue)) return queue;
        lock (_gate)
        {
            if (_queues.TryGetValue(agent, out queue)) return queue;
            _queues[agent] = queue = Open();
        }
        counters.WatchJudge(agent, () => queue.Counts);
        return queue;
    }

    private JudgeQueue Open()
    {
        var limits = new ShadowLimits(time);
        JudgeQueue? queue = null;
        // With room for as many as may be inside, it drops none of which nobody is told.
        var terms = new ShadowOptions { QueueCapacity = Capacity + Concurrency, MaxConcurrency = Concurrency, Timeout = Longest, TimeProvider = time };
        return queue = new(
            new(static (_, _) => Task.FromResult(default(JudgeVerdict)), (call, cancellation) => JudgeAsync(call, queue!, cancellation), options: terms), limits, Capacity + Concurrency);
    }

    private async Task<JudgeVerdict> JudgeAsync(JudgeCall call, JudgeQueue queue, CancellationToken cancellation)
    {
        try
        {
            if (queue.Limits.TrySend() is null) return await AskAsync(call, queue, cancellation);
            queue.End(call, null);
            return default;
        }
        finally
        {
            queue.Leave();
        }
    }

    private async Task<JudgeVerdict> AskAsync(JudgeCall call, JudgeQueue queue, CancellationToken cancellation)
    {
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellation, _closing.Token);
        try
        {
            var verdict = await endpoint.AskAsync(call.Judge, call.Question, queue.Limits, either.Token);
            Note(call, queue.End(call, verdict));
            return verdict;
        }
        catch (Exception fault) when (fault is HttpRequestException or IOException or OperationCanceledException or JudgeRefusedException)
        {
            Note(call, queue, fault);
            queue.End(call, null, fault is JudgeRefusedException);
            throw;
        }
    }

    // Told when there are twice as many as the last time, so that neither a judge that always fails nor one that seldom does fills the log.
    private void Note(JudgeCall call, JudgeQueue queue, Exception fault)
    {
        if (_closing.IsCancellationRequested) return;
        var failures = queue.Failed();
        if (!BitOperations.IsPow2(failures)) return;
        log.JudgeFailed(call.Agent, failures, fault is OperationCanceledException ? $"no answer within {call.Judge.Timeout.TotalSeconds:0.##} s" : fault.GetBaseException().Message);
    }

    // A judge that looks at places agrees with everything, and nobody would notice.
    private void Note(JudgeCall call, JudgeCounts said)
    {
        if (said.Judged >= FewestToTell && BitOperations.IsPow2(said.Judged) && said.Split > said.Judged / 2) log.JudgeSplits(call.Agent, said.Split, said.Judged);
    }
}
