using System.Runtime.CompilerServices;
using AgentCanary.Chat;
using Microsoft.Extensions.AI;

namespace AgentCanary;

/// <summary>
/// A chat client that answers every call from stable and shows the same messages to a shadow afterwards, whose answer nobody sees but the comparison. The shadow acts on
/// nothing: it may ask for the caller's functions, which are not invoked, and of hosted tools it has those that only read. Calls that go on with a conversation of the provider are not
/// shown, for the shadow would write into it. Bounded as <see cref="ShadowDeployment{TRequest, TResponse}"/> is; thread-safe; nothing of the shadow is thrown into a call.
/// </summary>
public sealed class ShadowChatClient : IChatClient, IAsyncDisposable
{
    private const int MostUpdates = 10_000;

    private readonly IChatClient _stable;
    private readonly ShadowOptions _options;
    private readonly ShadowDeployment<ShadowChatRequest, ChatResponse> _shadows;

    /// <summary>Makes a client, which lasts until it is disposed.</summary>
    /// <param name="stable">The version whose answers users get. It stays the caller's: disposing this client does not dispose it.</param>
    /// <param name="shadow">The version that is tried. It stays the caller's, too. Tools that its own pipeline adds are its own matter.</param>
    /// <param name="compare">Is given stable's answer, the instance that the caller has or what its updates make, and the shadow's, off the caller's path; null compares nothing.</param>
    /// <param name="options">The terms; the defaults where null.</param>
    /// <param name="judge">Says which of the two answers is better, off the caller's path; null judges nothing. Its counts say what it said.</param>
    /// <exception cref="ArgumentOutOfRangeException">An option is outside its range.</exception>
    public ShadowChatClient(
        IChatClient stable, IChatClient shadow, Action<ChatResponse, ChatResponse>? compare = null, ShadowOptions? options = null, ChatJudge? judge = null)
    {
        ArgumentNullException.ThrowIfNull(stable);
        ArgumentNullException.ThrowIfNull(shadow);
        (_stable, _options) = (stable, options ?? new());
        _shadows = new(
            (request, token) => stable.GetResponseAsync(request.Asked, request.Options, token),
            (request, token) => shadow.GetResponseAsync(request.Shown, request.ShownOptions, token),
            compare,
            _options,
            judge is null ? null : (request, answer, other, token) => judge.JudgeAsync(request.Shown, answer, other, token));
    }

    /// <summary>Gets what became of the calls so far.</summary>
    public ShadowCounts Counts => _shadows.Counts;

    /// <summary>Gets stable's answer, then offers the call to the shadow without waiting for it.</summary>
    /// <param name="messages">The messages; those that the list has now are shown.</param>
    /// <param name="options">The options.</param>
    /// <param name="cancellationToken">Cancels stable's call only.</param>
    public Task<ChatResponse> GetResponseAsync(IEnumerable<ChatMessage> messages, ChatOptions? options = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(messages);
        return ShadowChatRequest.Of(messages, options) is { } request
            ? _shadows.CallAsync(request, cancellationToken)
            : _stable.GetResponseAsync(messages, options, cancellationToken);
    }

    /// <summary>
    /// Streams stable's answer, its own updates in its order, then offers the call to the shadow. A stream that breaks, that the caller leaves, or that has more than 10,000
    /// updates is not shown.
    /// </summary>
    /// <param name="messages">The messages; those that the list has now are shown.</param>
    /// <param name="options">The options.</param>
    /// <param name="cancellationToken">Cancels stable's call only.</param>
    public IAsyncEnumerable<ChatResponseUpdate> GetStreamingResponseAsync(IEnumerable<ChatMessage> messages, ChatOptions? options = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(messages);
        return _shadows.IsSampled() && ShadowChatRequest.Of(messages, options) is { } request
            ? StreamAsync(request, cancellationToken)
            : _stable.GetStreamingResponseAsync(messages, options, cancellationToken);
    }

    /// <summary>Gets this client where it is asked for, else what stable has: its metadata, for example.</summary>
    /// <param name="serviceType">The type.</param>
    /// <param name="serviceKey">The key, or null.</param>
    public object? GetService(Type serviceType, object? serviceKey = null)
    {
        ArgumentNullException.ThrowIfNull(serviceType);
        return serviceKey is null && serviceType.IsInstanceOfType(this) ? this : _stable.GetService(serviceType, serviceKey);
    }

    /// <summary>Begins what <see cref="DisposeAsync"/> does, and does not wait for its end.</summary>
    public void Dispose() => _ = _shadows.DisposeAsync().AsTask();

    /// <summary>Takes no more calls for the shadow, and waits up to <see cref="ShadowOptions.Timeout"/> for those in the queue. Never throws.</summary>
    public ValueTask DisposeAsync() => _shadows.DisposeAsync();

    private async IAsyncEnumerable<ChatResponseUpdate> StreamAsync(ShadowChatRequest request, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var updates = new List<ChatResponseUpdate>();
        await foreach (var update in _stable.GetStreamingResponseAsync(request.Asked, request.Options, cancellationToken).ConfigureAwait(false))
        {
            if (updates.Count <= MostUpdates) updates.Add(update);
            yield return update;
        }
        if (updates.Count <= MostUpdates) Show(request, updates);
    }

    private void Show(ShadowChatRequest request, List<ChatResponseUpdate> updates)
    {
        try
        {
            _shadows.Show(request, updates.ToChatResponse());
        }
        catch (Exception fault)
        {
            _ = Task.Run(() => _options.Logger.AnswerNotJoined(fault));
        }
    }
}
