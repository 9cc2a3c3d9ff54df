using System.Runtime.CompilerServices;
using AgentCanary.Chat;
using Microsoft.Extensions.AI;

namespace AgentCanary;

/// <summary>
/// A chat client that gives each call to the version that a deployment chooses, and records how the call ended. Put it outside of function invocation and of response caches:
/// each version has its own. Thread-safe. Nothing of routing or recording is thrown into a call; what a version throws goes on to the caller.
/// </summary>
/// <remarks>
/// The sticky key of a call is the first of these: <see cref="CanaryChatExtensions.WithStickyKey"/>, the <see cref="CanaryScope"/>, the baggage item <c>canary.key</c> of the
/// current activity, a <see cref="ChatOptions.ConversationId"/> that begins with <c>conv_</c>. A call that goes on with a conversation, an answer or a tool call that a version
/// has made belongs to that version, whatever its key.
/// </remarks>
public sealed class CanaryChatClient : IChatClient
{
    private readonly IChatClient _stable;
    private readonly ChatRouting _routing;

    /// <summary>Makes a client over two versions.</summary>
    /// <param name="deployment">What chooses, and what records.</param>
    /// <param name="stable">The stable version. It stays the caller's: disposing this client does not dispose it.</param>
    /// <param name="canary">The version that is rolled out. It stays the caller's, too.</param>
    public CanaryChatClient(CanaryDeployment deployment, IChatClient stable, IChatClient canary)
    {
        ArgumentNullException.ThrowIfNull(deployment);
        ArgumentNullException.ThrowIfNull(stable);
        ArgumentNullException.ThrowIfNull(canary);
        (_stable, _routing) = (stable, new(deployment, stable, canary));
    }

    /// <summary>Gets how many calls had no sticky key, so that a random draw chose: their users see both versions.</summary>
    public long UnkeyedCalls => _routing.Unkeyed;

    /// <summary>Gets an answer from the version of the caller. <see cref="CanaryChatExtensions.GetCanaryDecision(ChatResponse)"/> tells which.</summary>
    /// <param name="messages">The messages.</param>
    /// <param name="options">The options. The version is given a copy without the sticky key where they have one.</param>
    /// <param name="cancellationToken">Cancels the call, which then is no failure of its version.</param>
    public Task<ChatResponse> GetResponseAsync(IEnumerable<ChatMessage> messages, ChatOptions? options = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(messages);
        return _routing.Begin(ChatCaller.Of(options), messages, options).AnswerAsync(messages, cancellationToken);
    }

    /// <summary>
    /// Streams an answer from the version of the caller: the version's own updates, in its order. The caller is who it is now, the version is chosen when the enumeration begins,
    /// and each enumeration is a call. A caller who stops early has cancelled; time that the caller takes between updates is not the version's.
    /// </summary>
    /// <param name="messages">The messages.</param>
    /// <param name="options">The options. The version is given a copy without the sticky key where they have one.</param>
    /// <param name="cancellationToken">Cancels the call, which then is no failure of its version.</param>
    public IAsyncEnumerable<ChatResponseUpdate> GetStreamingResponseAsync(IEnumerable<ChatMessage> messages, ChatOptions? options = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(messages);
        return StreamAsync(ChatCaller.Of(options), messages, options, cancellationToken);
    }

    /// <summary>Gets this client where it is asked for, else what the stable version has: its metadata, for example.</summary>
    /// <param name="serviceType">The type.</param>
    /// <param name="serviceKey">The key, or null.</param>
    public object? GetService(Type serviceType, object? serviceKey = null)
    {
        ArgumentNullException.ThrowIfNull(serviceType);
        return serviceKey is null && serviceType.IsInstanceOfType(this) ? this : _stable.GetService(serviceType, serviceKey);
    }

    /// <summary>Does nothing: the versions belong to whoever made them.</summary>
    public void Dispose()
    {
    }

    private async IAsyncEnumerable<ChatResponseUpdate> StreamAsync(
        ChatCaller caller, IEnumerable<ChatMessage> messages, ChatOptions? options, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var call = _routing.Begin(caller, messages, options);
        try
        {
            var updates = call.Open(messages, cancellationToken);
            await using (updates.ConfigureAwait(false))
            {
                while (await call.NextAsync(updates, cancellationToken).ConfigureAwait(false) is { } update) yield return update;
            }
        }
        finally
        {
            call.End();
        }
    }
}
