using System.Collections.Concurrent;
using Microsoft.Extensions.AI;

namespace AgentCanary.Tests.Chat;

/// <summary>A version that answers as the test says, and remembers what it was asked.</summary>
internal sealed class FakeChat(string name) : IChatClient
{
    public ConcurrentQueue<(IEnumerable<ChatMessage> Messages, ChatOptions? Options)> Calls { get; } = [];

    /// <summary>What it answers: its name unless the test says otherwise.</summary>
    public Func<CancellationToken, Task<ChatResponse>> Answer { get; set; } = _ => Task.FromResult(new ChatResponse(new ChatMessage(ChatRole.Assistant, name)));

    /// <summary>What it streams: its name in two updates unless the test says otherwise.</summary>
    public Func<CancellationToken, IAsyncEnumerable<ChatResponseUpdate>> Stream { get; set; } = _ => Updates(new(ChatRole.Assistant, name), new(ChatRole.Assistant, "!"));

    public bool IsDisposed { get; private set; }

    public ChatClientMetadata Metadata { get; } = new(name, new Uri("https://example.test/"), name + "-model");

    public (IEnumerable<ChatMessage> Messages, ChatOptions? Options) Last => Calls.Last();

    public static async IAsyncEnumerable<ChatResponseUpdate> Updates(params ChatResponseUpdate[] updates)
    {
        foreach (var update in updates)
        {
            await Task.Yield();
            yield return update;
        }
    }

    /// <summary>Streams updates, then breaks.</summary>
    public static async IAsyncEnumerable<ChatResponseUpdate> UpdatesThen(Exception fault, params ChatResponseUpdate[] updates)
    {
        await foreach (var update in Updates(updates)) yield return update;
        throw fault;
    }

    public Task<ChatResponse> GetResponseAsync(IEnumerable<ChatMessage> messages, ChatOptions? options = null, CancellationToken cancellationToken = default)
    {
        Calls.Enqueue((messages, options));
        return Answer(cancellationToken);
    }

    public IAsyncEnumerable<ChatResponseUpdate> GetStreamingResponseAsync(IEnumerable<ChatMessage> messages, ChatOptions? options = null, CancellationToken cancellationToken = default)
    {
        Calls.Enqueue((messages, options));
        return Stream(cancellationToken);
    }

    public object? GetService(Type serviceType, object? serviceKey = null) => serviceType == typeof(ChatClientMetadata) && serviceKey is null ? Metadata : null;

    public void Dispose() => IsDisposed = true;
}
