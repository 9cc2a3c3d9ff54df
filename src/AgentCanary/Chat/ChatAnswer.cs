using AgentCanary.Protocols;
using Microsoft.Extensions.AI;

namespace AgentCanary.Chat;

/// <summary>Reads an answer, whole or update by update. One call's, used by one thread at a time.</summary>
internal sealed class ChatAnswer
{
    private OutcomeSet _classes;
    private UsageDetails? _usage;
    private bool _isUnfinished;

    /// <summary>Gets how the answer ended, as it says itself.</summary>
    public OutcomeClass Class => _classes is { HasError: false } && _isUnfinished ? OutcomeClass.InputRequired : _classes.Gravest;

    /// <summary>Gets whether the provider has filtered it.</summary>
    public bool IsUnsafe => _classes.Has(OutcomeClass.Safety);

    public string? Model { get; private set; }

    /// <summary>Gets the tokens, in and out; null where the answer does not say.</summary>
    public long? Tokens => _usage switch
    {
        null => null,
        { TotalTokenCount: { } total } => Sane(total),
        { InputTokenCount: null, OutputTokenCount: null } => null,
        { } usage => Sane((usage.InputTokenCount ?? 0) + (usage.OutputTokenCount ?? 0)),
    };

    /// <summary>Gets the tokens of both directions, and what of them went through a cache; null where the answer does not say all of it.</summary>
    public TokenUsage? Usage => _usage is { InputTokenCount: >= 0 and var input, OutputTokenCount: >= 0 and var output }
        ? new(input, output) { Cached = Math.Max(0, _usage.CachedInputTokenCount ?? 0) }
        : null;

    public void Read(ChatResponse response)
    {
        foreach (var message in response.Messages) Read(message.Contents);
        Read(response.FinishReason, response.ModelId, response.ContinuationToken);
        _usage = response.Usage ?? _usage;
    }

    /// <summary>Reads an update.</summary>
    /// <returns>Whether there is something in it for the user.</returns>
    public bool Read(ChatResponseUpdate update)
    {
        var isContent = Read(update.Contents);
        Read(update.FinishReason, update.ModelId, update.ContinuationToken);
        return isContent;
    }

    private void Read(ChatFinishReason? reason, string? model, ResponseContinuationToken? resume)
    {
        if (reason == ChatFinishReason.ContentFilter) _classes = _classes.With(OutcomeClass.Safety);
        if (reason == ChatFinishReason.Length) _classes = _classes.With(OutcomeClass.Truncated);
        Model = model ?? Model;
        _isUnfinished = resume is not null;
    }

    private bool Read(IList<AIContent> contents)
    {
        var isContent = false;
        for (var at = 0; at < contents.Count; at++) isContent |= Read(contents[at]);
        return isContent;
    }

    private bool Read(AIContent content)
    {
        if (ClassOf(content) is not OutcomeClass.Ok and var outcomeClass) _classes = _classes.With(outcomeClass);
        if (content is not UsageContent usage) return content is not (TextContent { Text: "" } or TextReasoningContent { Text: "" });
        (_usage ??= new()).Add(usage.Details);
        return false;
    }

    private static OutcomeClass ClassOf(AIContent content) => content switch
    {
        ErrorContent error => ClassOf(error.ErrorCode),
        FunctionResultContent { Exception: not null } or FunctionCallContent { Exception: not null } => OutcomeClass.ToolError,
        McpServerToolResultContent { Outputs: { } outputs } when outputs.Any(output => output is ErrorContent) => OutcomeClass.ToolError,
        InputRequestContent => OutcomeClass.InputRequired,
        _ => OutcomeClass.Ok,
    };

    // An error that stands in the answer itself: the adapters of OpenAI say "Refusal", and else hand on the provider's own code.
    private static OutcomeClass ClassOf(string? code) => code switch
    {
        "Refusal" or "refusal" => OutcomeClass.Refusal,
        "content_filter" => OutcomeClass.Safety,
        "rate_limit_exceeded" or "insufficient_quota" => OutcomeClass.RateLimited,
        { } policy when policy.EndsWith("_policy", StringComparison.Ordinal) || policy.EndsWith("policy_violation", StringComparison.Ordinal) => OutcomeClass.Safety,
        "invalid_prompt" => OutcomeClass.ErrorClient,
        _ => OutcomeClass.ErrorUpstream,
    };

    private static long? Sane(long tokens) => tokens >= 0 ? tokens : null;
}
