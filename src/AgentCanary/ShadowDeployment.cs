using System.Threading.Channels;

namespace AgentCanary;

/// <summary>
/// Answers every call from stable and shows the same request to a shadow afterwards, whose answer nobody sees but the comparison. The shadow is bounded in memory, in
/// concurrency and in time, and whatever it does, stable's answer is neither delayed nor changed, and nothing of the shadow is thrown into a call. Thread-safe.
/// </summary>
/// <typeparam name="TRequest">What a call asks. Both versions are given the same instance, so it must not be changed after the call began.</typeparam>
/// <typeparam name="TResponse">What a call answers. The comparison is given the instance that the caller has.</typeparam>
public sealed class ShadowDeployment<TRequest, TResponse> : IAsyncDisposable
{
    private readonly Func<TRequest, CancellationToken, Task<TResponse>> _stable;
    private readonly Func<TRequest, CancellationToken, Task<TResponse>> _shadow;
    private readonly Action<TResponse, TResponse>? _compare;
    private readonly Func<TRequest, TResponse, TResponse, CancellationToken, Task>? _judge;
    private readonly ShadowOptions _options;
    private readonly ShadowTally _tally;
    private readonly Channel<Pair> _queue;
    private readonly CancellationTokenSource _closing = new();
    private readonly Task _workers;

    /// <summary>Makes a deployment, which lasts until it is disposed.</summary>
    /// <param name="stable">The version whose answers users get.</param>
    /// <param name="shadow">The version that is tried. Its token is cancelled at the timeout, never by the caller; a call that ignores it keeps its place until it ends.</param>
    /// <param name="compare">Is given stable's answer and the shadow's, off the caller's path; null compares nothing.</param>
    /// <param name="options">The terms; the defaults where null.</param>
    /// <param name="judge">
    /// Is given the request, stable's answer and the shadow's after the comparison, off the caller's path, such as <see cref="ChatJudge.JudgeAsync(string, string, string, CancellationToken)"/>; null judges nothing. It
    /// keeps the place of a shadow call until it ends, so it needs a limit of time of its own; its token is cancelled when a dispose stops waiting.
    /// </param>
    /// <exception cref="ArgumentOutOfRangeException">An option is outside its range.</exception>
    public ShadowDeployment(
        Func<TRequest, CancellationToken, Task<TResponse>> stable,
        Func<TRequest, CancellationToken, Task<TResponse>> shadow,
        Action<TResponse, TResponse>? compare = null,
        ShadowOptions? options = null,
        Func<TRequest, TResponse, TResponse, CancellationToken, Task>? judge = null)
    {
        ArgumentNullException.ThrowIfNull(stable);
        ArgumentNullException.ThrowIfNull(shadow);
        (_stable, _shadow, _compare, _judge) = (stable, shadow, compare, judge);
        _options = (options ?? new ShadowOptions()).Checked();
        _tally = new ShadowTally(_options.Logger);
        // In this mode a full queue refuses what comes, so the newest call is the one that is dropped, and the refusal is seen and counted.
        _queue = Channel.CreateBounded<Pair>(new BoundedChannelOptions(_options.QueueCapacity) { FullMode = BoundedChannelFullMode.Wait });
        // Without the flow, the shadow's traces do not hang on the call that happened to make this deployment.
        using AsyncFlowControl? flow = ExecutionContext.IsFlowSuppressed() ? null : ExecutionContext.SuppressFlow();
        _workers = Task.WhenAll(Enumerable.Range(0, _options.MaxConcurrency).Select(_ => Task.Run(WorkAsync)));
    }

    /// <summary>Gets what became of the calls so far.</summary>
    public ShadowCounts Counts => _tally.Read();

    /// <summary>Answers from stable, then offers the request to the shadow without waiting for it. After a dispose the shadow is offered, but never given, the call.</summary>
    /// <param name="request">What is asked.</param>
    /// <param name="cancellationToken">Cancels stable's call only.</param>
    /// <returns>Stable's answer. What stable throws is thrown, and then there is no shadow call.</returns>
    public async Task<TResponse> CallAsync(TRequest request, CancellationToken cancellationToken = default)
    {
        var answer = await _stable(request, cancellationToken).ConfigureAwait(false);
        if (IsSampled()) Show(request, answer);
        return answer;
    }

    /// <summary>
    /// Takes no more calls, waits up to <see cref="ShadowOptions.Timeout"/> for those in the queue, then drops the rest and cancels what still runs. Never throws; further
    /// disposes wait for the first one.
    /// </summary>
    public async ValueTask DisposeAsync()
    {
        _queue.Writer.TryComplete();
        await _workers.WaitAsync(_options.Timeout, _options.TimeProvider).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await _closing.CancelAsync().ConfigureAwait(false);
        await _workers.ConfigureAwait(false);
    }

    /// <summary>Draws whether a call is offered to the shadow.</summary>
    internal bool IsSampled() =>
        _options.SampleRate == Weight.Full || _options.Random.Next(Weight.Scale) < _options.SampleRate.BasisPoints;

    /// <summary>Offers a call that stable has answered to the shadow.</summary>
    internal void Show(TRequest request, TResponse answer)
    {
        _tally.Offered();
        if (_options.Limits.Stop is { Reason: var stop }) _tally.Stopped(stop, _options);
        else if (!_queue.Writer.TryWrite(new(request, answer))) _tally.Dropped(_options.QueueCapacity);
    }

    private async Task WorkAsync()
    {
        await foreach (var pair in _queue.Reader.ReadAllAsync().ConfigureAwait(false))
        {
            if (_closing.IsCancellationRequested) _tally.Dropped(_options.QueueCapacity);
            else if (_options.Limits.TrySend() is { } stop) _tally.Stopped(stop, _options);
            else await ShowAsync(pair).ConfigureAwait(false);
        }
    }

    private async Task ShowAsync(Pair pair)
    {
        using var deadline = new CancellationTokenSource(_options.Timeout, _options.TimeProvider);
        using var waiting = CancellationTokenSource.CreateLinkedTokenSource(deadline.Token, _closing.Token);
        // A token of its own, cancelled below: what the shadow registers with it may throw, and a timer's thread could not catch that.
        using var asked = new CancellationTokenSource();
        // Started on another thread, so that a shadow that blocks before its first await is stopped waiting for like any other.
        var call = Task.Run(() => _shadow(pair.Request, asked.Token));
        await LetEndAsync(call, waiting.Token).ConfigureAwait(false);
        if (call.IsCompletedSuccessfully)
        {
            _tally.Sent();
            await CompareAsync(pair.Request, pair.Answer, await call.ConfigureAwait(false)).ConfigureAwait(false);
        }
        else if (call.IsCompleted)
        {
            _tally.Failed(call.Exception?.InnerException ?? new TaskCanceledException(call));
        }
        else
        {
            _tally.TimedOut(_options.Timeout);
            await LetEndAsync(asked.CancelAsync(), _closing.Token).ConfigureAwait(false);
            // The call keeps its place until it ends: else a shadow that hangs would pile up calls without a bound.
            await LetEndAsync(call, _closing.Token).ConfigureAwait(false);
        }
    }

    private async Task CompareAsync(TRequest request, TResponse stable, TResponse shadow)
    {
        if (_compare is { } compare) await FinishAsync(Task.Run(() => compare(stable, shadow))).ConfigureAwait(false);
        if (_judge is { } judge) await FinishAsync(Task.Run(() => judge(request, stable, shadow, _closing.Token))).ConfigureAwait(false);
    }

    private async Task FinishAsync(Task comparison)
    {
        await LetEndAsync(comparison, _closing.Token).ConfigureAwait(false);
        if (comparison.Exception is { } thrown) _tally.CompareFailed(thrown.InnerException!);
    }

    private static async Task LetEndAsync(Task task, CancellationToken giveUp) =>
        await task.WaitAsync(giveUp).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);

    private readonly record struct Pair(TRequest Request, TResponse Answer);
}
