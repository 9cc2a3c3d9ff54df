using AgentCanary.Chat;
using Microsoft.Extensions.AI;

namespace AgentCanary;

/// <summary>What callers of a <see cref="CanaryChatClient"/> say to it and read from it.</summary>
public static class CanaryChatExtensions
{
    /// <summary>Sets the sticky key of the calls with these options. It is taken out before a version sees them.</summary>
    /// <param name="options">The options, which are changed.</param>
    /// <param name="stickyKey">Whoever should keep one version: any string that is not empty.</param>
    /// <returns>The same options.</returns>
    /// <exception cref="ArgumentException">The key is null or empty.</exception>
    public static ChatOptions WithStickyKey(this ChatOptions options, string stickyKey)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentException.ThrowIfNullOrEmpty(stickyKey);
        (options.AdditionalProperties ??= [])[ChatProperties.StickyKey] = stickyKey;
        return options;
    }

    /// <summary>Gets who served an answer, and why; null where no <see cref="CanaryChatClient"/> did. An answer joined from streamed updates has it too.</summary>
    /// <param name="response">The answer.</param>
    public static Assignment? GetCanaryDecision(this ChatResponse response)
    {
        ArgumentNullException.ThrowIfNull(response);
        return ChatProperties.DecisionIn(response.AdditionalProperties);
    }

    /// <summary>Gets who serves a streamed answer, and why: the first update has it, and no other one.</summary>
    /// <param name="update">The update.</param>
    public static Assignment? GetCanaryDecision(this ChatResponseUpdate update)
    {
        ArgumentNullException.ThrowIfNull(update);
        return ChatProperties.DecisionIn(update.AdditionalProperties);
    }
}
