using Microsoft.Extensions.AI;

namespace AgentCanary.Chat;

/// <summary>A chat call as stable is asked, and as a shadow is shown it.</summary>
/// <param name="Asked">What stable is asked.</param>
/// <param name="Options">Stable's options: the caller's own.</param>
/// <param name="Shown">What the shadow is shown: the caller may add to its list as soon as it has its answer.</param>
/// <param name="ShownOptions">The shadow's options.</param>
internal sealed record ShadowChatRequest(IEnumerable<ChatMessage> Asked, ChatOptions? Options, IReadOnlyList<ChatMessage> Shown, ChatOptions? ShownOptions)
{
    /// <summary>Makes a request; null for a call that goes on with what the provider keeps, which a shadow must not touch.</summary>
    public static ShadowChatRequest? Of(IEnumerable<ChatMessage> messages, ChatOptions? options)
    {
        if (options is { ConversationId: not null } or { ContinuationToken: not null }) return null;
        var asked = messages as IList<ChatMessage> ?? [.. messages]; // what can be read only once is read here
        return new(asked, options, [.. asked], Shadowed(options));
    }

    private static ChatOptions? Shadowed(ChatOptions? options)
    {
        if (ChatProperties.Cleaned(options) is not { } cleaned) return null;
        var shown = cleaned.Clone();
        shown.AllowBackgroundResponses = null;
        if (shown.Tools is not { } tools) return shown;
        shown.Tools = [.. tools.Select(Harmless).OfType<AITool>()];
        if (shown.Tools.Count == 0) (shown.Tools, shown.ToolMode) = (null, null);
        return shown;
    }

    // A declaration can be asked for and not invoked; made anew, for AsDeclarationOnly leads back to the function by GetService. Of what the provider runs by itself, only what reads.
    private static AITool? Harmless(AITool tool) => tool switch
    {
        AIFunctionDeclaration function => AIFunctionFactory.CreateDeclaration(function.Name, function.Description, function.JsonSchema, function.ReturnJsonSchema),
        HostedWebSearchTool or HostedFileSearchTool or HostedCodeInterpreterTool => tool,
        _ => null,
    };
}
