using System.Runtime.CompilerServices;
using Microsoft.Extensions.AI;

namespace ChatClients;

/// <summary>Stands for a model behind a provider's client: it says which one it is, word by word.</summary>
public sealed class ScriptedModel(string version) : IChatClient
{
    public async Task<ChatResponse> GetResponseAsync(IEnumerable<ChatMessage> messages, ChatOptions? options = null, CancellationToken cancellationToken = default) =>
        await GetStreamingResponseAsync(messages, options, cancellationToken).ToChatResponseAsync(cancellationToken);

    public async IAsyncEnumerable<ChatResponseUpdate> GetStreamingResponseAsync(
        IEnumerable<ChatMessage> messages, ChatOptions? options = null, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        foreach (var word in (string[])["Hello ", "from ", version])
        {
            await Task.Delay(TimeSpan.FromMilliseconds(1), cancellationToken);
            yield return new(ChatRole.Assistant, word);
        }
        yield return new() { FinishReason = ChatFinishReason.Stop, Contents = [new UsageContent(new() { InputTokenCount = 12, OutputTokenCount = 3 })] };
    }

    public object? GetService(Type serviceType, object? serviceKey = null) => serviceType == typeof(ChatClientMetadata) ? new ChatClientMetadata("scripted", null, version) : null;

    public void Dispose()
    {
    }
}
