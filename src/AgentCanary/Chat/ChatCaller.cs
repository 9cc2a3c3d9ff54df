using System.Diagnostics;
using System.Globalization;
using AgentCanary.Routing;
using Microsoft.Extensions.AI;

namespace AgentCanary.Chat;

/// <summary>What a call says of its caller.</summary>
/// <param name="Key">The sticky key, or null.</param>
/// <param name="Attributes">What cohorts look at.</param>
internal readonly record struct ChatCaller(string? Key, Dictionary<string, string>? Attributes) : IAttributes
{
    // What OpenAI calls a conversation keeps its id; any other id may be that of the last answer, and is another one with each call.
    private const string LastingConversation = "conv_";

    /// <summary>Reads the first that is there: the options, the scope, the baggage, a conversation whose id lasts.</summary>
    public static ChatCaller Of(ChatOptions? options)
    {
        var scope = CanaryScope.Current;
        return new(KeyIn(options) ?? Named(scope?.StickyKey) ?? Named(Activity.Current?.GetBaggageItem(ChatProperties.StickyKey)) ?? ConversationIn(options), scope?.Attributes);
    }

    public string? Find(string name) => Attributes?.GetValueOrDefault(name);

    private static string? KeyIn(ChatOptions? options)
    {
        if (options?.AdditionalProperties is not { } properties || !properties.TryGetValue(ChatProperties.StickyKey, out var key)) return null;
        try
        {
            return Named(Convert.ToString(key, CultureInfo.InvariantCulture));
        }
        catch (Exception)
        {
            return null; // a key of the caller's own type, which cannot say its name
        }
    }

    private static string? ConversationIn(ChatOptions? options) =>
        options?.ConversationId is { } id && id.StartsWith(LastingConversation, StringComparison.Ordinal) ? id : null;

    private static string? Named(string? key) => string.IsNullOrEmpty(key) ? null : key;
}
