using System.Collections.Immutable;
using AgentCanary.Control;

namespace AgentCanary;

/// <summary>The last 1,000 changes of a deployment, and which of them its store does not have yet. Not thread-safe: its owner locks.</summary>
internal sealed class ChangeLog
{
    private const int Kept = 1000;

    private ImmutableQueue<RolloutEvent> _events = [];
    private ImmutableQueue<Change> _unwritten = [];
    private int _eventCount;
    private int _unwrittenCount;

    /// <summary>Gets what happened, oldest first.</summary>
    public ImmutableArray<RolloutEvent> Events => [.. _events];

    /// <summary>Gets the changes that are served and not yet written, oldest first.</summary>
    public ImmutableArray<Change> Unwritten => [.. _unwritten];

    public void Add(Change change)
    {
        Tell(change.Transition.Event);
        _unwritten = _unwritten.Enqueue(change);
        if (++_unwrittenCount > Kept) DropUnwritten();
    }

    /// <summary>Notes that the store has everything up to a revision.</summary>
    public void MarkWritten(long revision)
    {
        while (!_unwritten.IsEmpty && _unwritten.Peek().Transition.Next.Revision <= revision) DropUnwritten();
    }

    /// <summary>Begins anew with what a store has.</summary>
    public void Reset(ImmutableArray<RolloutEvent> written)
    {
        (_events, _eventCount, _unwritten, _unwrittenCount) = ([], 0, [], 0);
        foreach (var @event in written) Tell(@event);
    }

    private void Tell(RolloutEvent @event)
    {
        _events = _events.Enqueue(@event);
        if (++_eventCount <= Kept) return;
        (_events, _eventCount) = (_events.Dequeue(), Kept);
    }

    private void DropUnwritten() => (_unwritten, _unwrittenCount) = (_unwritten.Dequeue(), _unwrittenCount - 1);
}
