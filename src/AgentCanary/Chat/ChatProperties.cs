using Microsoft.Extensions.AI;

namespace AgentCanary.Chat;

/// <summary>What stands in the additional properties of options and answers.</summary>
internal static class ChatProperties
{
    public const string StickyKey = "canary.key";
    public const string Decision = "canary.decision";

    public static Assignment? DecisionIn(AdditionalPropertiesDictionary? properties) =>
        properties is not null && properties.TryGetValue(Decision, out var value) && value is Assignment decision ? decision : null;

    /// <summary>Returns a copy with the decision in it: a version may give the same answer, with the same properties, to two callers at once.</summary>
    public static AdditionalPropertiesDictionary With(AdditionalPropertiesDictionary? properties, object decision) =>
        new(properties ?? []) { [Decision] = decision };

    /// <summary>Returns what a version sees: without our key, which would split its response cache by user and be written on its spans and perhaps on the wire.</summary>
    public static ChatOptions? Cleaned(ChatOptions? options)
    {
        if (options?.AdditionalProperties?.ContainsKey(StickyKey) is not true) return options;
        var cleaned = options.Clone();
        cleaned.AdditionalProperties!.Remove(StickyKey);
        // What is cached by its options is the same with an empty bag and with none.
        if (cleaned.AdditionalProperties.Count == 0) cleaned.AdditionalProperties = null;
        return cleaned;
    }
}
