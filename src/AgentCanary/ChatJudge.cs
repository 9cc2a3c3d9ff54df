using AgentCanary.Shadow;
using Microsoft.Extensions.AI;

namespace AgentCanary;

/// <summary>
/// Says which of two answers to one request is better, by asking a model in both orders: who wins both wins, and all else is a tie. Sampled and budgeted; a model that fails, is too slow or says
/// something else gives no data. The model is told neither which version gave which answer nor anything but the texts. Thread-safe; what it asks is bounded by who calls it.
/// </summary>
public sealed class ChatJudge
{
    private readonly IChatClient _model;
    private readonly ChatJudgeOptions _options;
    private readonly ChatOptions _asked = new() { ResponseFormat = ChatResponseFormat.Json };
    private readonly ShadowLimits _limits;
    private readonly Lock _gate = new();
    private JudgeCounts _counts;

    /// <summary>Makes a judge.</summary>
    /// <param name="model">The model that judges: the same for the whole rollout, and best another one than those it judges. It stays the caller's.</param>
    /// <param name="options">The terms; the defaults where null.</param>
    /// <exception cref="ArgumentOutOfRangeException">An option is outside its range.</exception>
    public ChatJudge(IChatClient model, ChatJudgeOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(model);
        (_model, _options) = (model, (options ?? new()).Checked());
        _limits = new(_options.TimeProvider) { Budget = new() { Requests = _options.PerHour } };
    }

    /// <summary>Gets what became of the pairs of the sample so far.</summary>
    public JudgeCounts Counts
    {
        get
        {
            lock (_gate) return _counts;
        }
    }

    /// <summary>Judges the answers of two chat clients; what counts is their texts, and the names and arguments of the functions that they ask for.</summary>
    /// <param name="request">The messages that both were sent.</param>
    /// <param name="stable">Stable's answer.</param>
    /// <param name="canary">The canary's answer.</param>
    /// <param name="cancellationToken">Gives up, without a verdict.</param>
    /// <returns>The verdict; null where the pair is not in the sample, or where there is no data. Never throws.</returns>
    public Task<JudgeVerdict?> JudgeAsync(IEnumerable<ChatMessage> request, ChatResponse stable, ChatResponse canary, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(request);
        ArgumentNullException.ThrowIfNull(stable);
        ArgumentNullException.ThrowIfNull(canary);
        return JudgeAsync(() => new(TextOf(request), TextOf(stable.Messages), TextOf(canary.Messages)), cancellationToken);
    }

    /// <summary>Judges two answers.</summary>
    /// <param name="request">The request, as text.</param>
    /// <param name="stable">Stable's answer.</param>
    /// <param name="canary">The canary's answer.</param>
    /// <param name="cancellationToken">Gives up, without a verdict.</param>
    /// <returns>The verdict; null where the pair is not in the sample, or where there is no data. Never throws.</returns>
    public Task<JudgeVerdict?> JudgeAsync(string request, string stable, string canary, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(request);
        ArgumentNullException.ThrowIfNull(stable);
        ArgumentNullException.ThrowIfNull(canary);
        return JudgeAsync(() => new(request, stable, canary), cancellationToken);
    }

    // Whether a pair is judged does not depend on what is in it; equal answers ask the model, too, for a model that is away must not leave only them.
    private async Task<JudgeVerdict?> JudgeAsync(Func<JudgeQuestion> questionOf, CancellationToken cancellationToken)
    {
        if (!ShadowPolicy.IsSampled(_options.SampleRate, _options.Random.Next(Weight.Scale))) return null;
        JudgeQuestion? question = null;
        JudgeVerdict? verdict = null;
        try
        {
            question = questionOf();
            if (_limits.TrySend() is null) verdict = await AskAsync(question, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception fault)
        {
            _options.Logger.JudgeFailed(fault);
        }
        lock (_gate) _counts = _counts.With(verdict);
        if (question is not null) Tell(question, verdict);
        return verdict;
    }

    private async Task<JudgeVerdict> AskAsync(JudgeQuestion question, CancellationToken cancellationToken)
    {
        var stableFirst = await ChooseAsync(question, cancellationToken).ConfigureAwait(false);
        var canaryFirst = await ChooseAsync(question.Swapped, cancellationToken).ConfigureAwait(false);
        return question.A == question.B ? JudgeVerdict.Tie : JudgeRule.Verdict(stableFirst, canaryFirst);
    }

    private async Task<JudgeChoice> ChooseAsync(JudgeQuestion question, CancellationToken cancellationToken)
    {
        using var limit = new CancellationTokenSource(_options.Timeout, _options.TimeProvider);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellationToken);
        ChatMessage[] messages = [new(ChatRole.System, JudgePrompt.Of(_options.Instruction)), new(ChatRole.User, question.ToText())];
        // A model that ignores its token is stopped waiting for all the same.
        var answer = await _model.GetResponseAsync(messages, _asked.Clone(), either.Token).WaitAsync(either.Token).ConfigureAwait(false);
        return JudgeReply.ReadText(answer.Text) ?? throw new FormatException("""The model's answer is none: it says {"winner":"a"}, "b" or "tie" and nothing around it.""");
    }

    private void Tell(JudgeQuestion question, JudgeVerdict? verdict)
    {
        try
        {
            _options.Judged?.Invoke(question, verdict);
        }
        catch (Exception fault)
        {
            _options.Logger.JudgeFailed(fault);
        }
    }

    private static string TextOf(IEnumerable<ChatMessage> messages) => string.Join("\n\n", messages.Select(message => $"{message.Role}: {string.Concat(message.Contents.Select(TextOf))}"));

    private static string TextOf(AIContent content) => content switch
    {
        TextContent text => text.Text,
        FunctionCallContent call => $"[calls {call.Name}({string.Join(", ", call.Arguments?.Select(argument => $"{argument.Key}: {argument.Value}") ?? [])})]",
        FunctionResultContent result => $"[result: {result.Result}]",
        ErrorContent error => $"[error: {error.Message}]",
        _ => "",
    };
}
