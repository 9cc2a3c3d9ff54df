using Microsoft.Extensions.AI;

namespace AgentCanary.Chat;

/// <summary>
/// One chat call: who serves it, its clock, which stands still while the caller holds an update, and what its answer says. One call's, used by one thread at a time.
/// </summary>
internal sealed class ChatCall(ChatRouting routing, Assignment assignment, byte began)
{
    private readonly ChatAnswer _answer = new();
    private readonly object _decision = assignment;
    private TimeSpan _latency;
    private TimeSpan? _firstContent;
    private OutcomeClass? _fault;
    private bool _hasUpdates;
    private bool _isComplete;

    public required IChatClient Client { get; init; }

    public ChatOptions? Options { get; init; }

    public async Task<ChatResponse> AnswerAsync(IEnumerable<ChatMessage> messages, CancellationToken cancellationToken)
    {
        var start = routing.Time.GetTimestamp();
        try
        {
            var response = await Client.GetResponseAsync(messages, Options, cancellationToken).ConfigureAwait(false);
            _isComplete = true;
            See(response);
            return response;
        }
        catch (Exception fault)
        {
            _fault = ChatFault.ClassOf(fault, cancellationToken.IsCancellationRequested);
            throw;
        }
        finally
        {
            _latency = routing.Time.GetElapsedTime(start);
            End();
        }
    }

    /// <summary>Begins the version's stream.</summary>
    public IAsyncEnumerator<ChatResponseUpdate> Open(IEnumerable<ChatMessage> messages, CancellationToken cancellationToken)
    {
        var start = routing.Time.GetTimestamp();
        try
        {
            return Client.GetStreamingResponseAsync(messages, Options, cancellationToken).GetAsyncEnumerator(cancellationToken);
        }
        catch (Exception fault)
        {
            _fault = ChatFault.ClassOf(fault, cancellationToken.IsCancellationRequested);
            throw;
        }
        finally
        {
            _latency += routing.Time.GetElapsedTime(start);
        }
    }

    /// <summary>Waits for the next update, and reads it.</summary>
    /// <returns>The same instance that the version gave, or null at the end.</returns>
    public async ValueTask<ChatResponseUpdate?> NextAsync(IAsyncEnumerator<ChatResponseUpdate> updates, CancellationToken cancellationToken)
    {
        var start = routing.Time.GetTimestamp();
        try
        {
            _isComplete = !await updates.MoveNextAsync().ConfigureAwait(false);
        }
        catch (Exception fault)
        {
            _fault = !_hasUpdates || cancellationToken.IsCancellationRequested ? ChatFault.ClassOf(fault, cancellationToken.IsCancellationRequested) : OutcomeClass.StreamBroken;
            throw;
        }
        finally
        {
            _latency += routing.Time.GetElapsedTime(start);
        }
        if (_isComplete) return null;
        See(updates.Current);
        _hasUpdates = true;
        return updates.Current;
    }

    /// <summary>Records how it ended. Where neither the version nor its answer ended it, the caller did.</summary>
    public void End()
    {
        var seen = _fault ?? (_isComplete ? _answer.Class : OutcomeClass.CanceledByClient);
        routing.Record(assignment, new()
        {
            Class = _answer.IsUnsafe ? OutcomeClass.Safety : seen,
            Latency = _latency,
            FirstContent = _firstContent,
            Tokens = _answer.Tokens,
            Cost = routing.Prices.CostOf(_answer.Model, _answer.Usage),
            // Tokens of a model that is not named have a cost that nobody knows.
            Model = _answer.Model ?? (_answer.Usage is null || routing.Prices.IsEmpty ? null : ""),
        });
    }

    private void See(ChatResponse response)
    {
        try
        {
            _answer.Read(response);
            routing.Learn(response.ConversationId, response.ResponseId, response.Messages is [.., var last] ? last.Contents : [], assignment, began);
            response.ContinuationToken = ResumeToken.Wrap(response.ContinuationToken, assignment.Version, began);
            response.AdditionalProperties = ChatProperties.With(response.AdditionalProperties, _decision);
        }
        catch (Exception fault)
        {
            routing.Tell(fault);
        }
    }

    private void See(ChatResponseUpdate update)
    {
        try
        {
            if (_answer.Read(update)) _firstContent ??= _latency;
            routing.Learn(update.ConversationId, update.ResponseId, update.Contents, assignment, began);
            update.ContinuationToken = ResumeToken.Wrap(update.ContinuationToken, assignment.Version, began);
            if (!_hasUpdates) update.AdditionalProperties = ChatProperties.With(update.AdditionalProperties, _decision);
        }
        catch (Exception fault)
        {
            routing.Tell(fault);
        }
    }
}
