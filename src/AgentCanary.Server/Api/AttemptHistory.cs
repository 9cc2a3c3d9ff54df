using System.Collections.Immutable;
using AgentCanary.Control;

namespace AgentCanary.Server.Api;

/// <summary>Folds events, oldest first, into attempts. Keeps the newest ones, so that memory is bounded. Not thread-safe.</summary>
internal sealed class AttemptHistory
{
    private const int MostAttempts = 200;

    private readonly Queue<AttemptView> _ended = new();
    private AttemptView? _newest;

    /// <summary>Gets the attempts, newest first.</summary>
    public ImmutableArray<AttemptView> NewestFirst => [.. (_newest is null ? _ended : _ended.Append(_newest)).Reverse()];

    /// <summary>Takes the next event.</summary>
    public void Add(RolloutEvent written)
    {
        var at = written.At.UtcDateTime;
        if (_newest is null || written.Type is "created" or "retried" or "superseded" || written.Attempt != _newest.Attempt)
        {
            Keep(at);
            _newest = new(written.Attempt, written.Revision, written.Revision, at, null, "running", written.ToStage, written.Reason, written.Actor);
            return;
        }
        // The attempt ended before its conversations did, for a reason of its own.
        if (written.Type is "drained") return;
        var (result, ended) = written.Type switch { "completed" => ("completed", at), "rolled_back" => ("rolled_back", at), _ => (_newest.Result, _newest.EndedAt) };
        _newest = _newest with
        {
            LastRevision = written.Revision,
            EndedAt = ended,
            Result = result,
            HighestStage = Math.Max(_newest.HighestStage, written.ToStage),
            Reason = written.Reason,
            Actor = written.Actor,
        };
    }

    private void Keep(DateTime nextStartedAt)
    {
        if (_newest is null) return;
        _ended.Enqueue(_newest.EndedAt is null ? _newest with { EndedAt = nextStartedAt, Result = "superseded" } : _newest);
        if (_ended.Count >= MostAttempts) _ended.Dequeue();
    }
}
