using System.Collections.Concurrent;
using AgentCanary.Testing;

namespace AgentCanary.Tests;

/// <summary>An agent that answers, throws or hangs as the test says, and remembers what it was asked.</summary>
internal sealed class ShadowAgent(Func<string, CancellationToken, Task<string>> answer)
{
    private readonly SemaphoreSlim _asked = new(0);

    public ConcurrentQueue<string> Requests { get; } = [];

    public static ShadowAgent Echo(string prefix) => new((request, _) => Task.FromResult(prefix + request));

    public static ShadowAgent Throwing(string message) => new((_, _) => throw new InvalidOperationException(message));

    /// <summary>Answers nothing until the token is cancelled.</summary>
    public static ShadowAgent Patient() => new((_, token) => new TaskCompletionSource<string>().Task.WaitAsync(token));

    /// <summary>Answers nothing at all, whatever the token says.</summary>
    public static ShadowAgent Hung() => new((_, _) => new TaskCompletionSource<string>().Task);

    public Task<string> CallAsync(string request, CancellationToken token)
    {
        Requests.Enqueue(request);
        _asked.Release();
        return answer(request, token);
    }

    /// <summary>Waits until the agent was asked so often.</summary>
    public async Task WasAskedAsync(int times)
    {
        for (var i = 0; i < times; i++) Assert.True(await _asked.WaitAsync(Eventually.Limit), $"The agent was asked {i} times, not {times}.");
    }
}
