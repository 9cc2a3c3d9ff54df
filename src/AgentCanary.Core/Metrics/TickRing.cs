using System.Numerics;

namespace AgentCanary.Metrics;

/// <summary>
/// The ticks that are not complete, found by their number without a lock. One caller at a time advances and takes; any number starts, finds
/// and enters.
/// </summary>
internal sealed class TickRing
{
    private readonly Queue<TickSlot> _live = new();
    private readonly TickSlot?[] _slots;
    private readonly ArmShape _control;
    private readonly ArmShape _canary;
    private readonly int _deadline;
    private TickSlot _newest;
    private TickSlot? _beforeGap;
    private long _current;
    private long _lastEntered = long.MinValue / 2;

    public TickRing(ArmShape control, ArmShape canary, int deadlineTicks, long firstTick)
    {
        _control = control;
        _canary = canary;
        _deadline = deadlineTicks;
        _slots = new TickSlot?[BitOperations.RoundUpToPowerOf2((uint)deadlineTicks + 2)];
        _newest = Open(firstTick);
        _current = firstTick;
    }

    public long Current => Volatile.Read(ref _current);

    public Queue<TickSlot> Live => _live;

    public long Start(Arm arm, int stripe)
    {
        while (true)
        {
            var tick = Current;
            if (Find(tick) is not { } slot) continue; // the tick was advanced and taken in between
            var cells = slot.Cells(arm, Shape(arm));
            cells.Start(stripe);
            // The add is a full fence. Still current: whoever closes this tick later sees the start. Not current: it may be too late, so
            // take it back.
            if (Current == tick) return tick;
            cells.Start(stripe, -1);
        }
    }

    /// <summary>Finds the cells of a tick, or null where it was taken or never was.</summary>
    public ArmCells? Find(long tick, Arm arm) => Find(tick)?[arm];

    /// <summary>Counts a start that nobody saw, in the tick where it must have been or, where that one is gone, in the oldest after
    /// it.</summary>
    public ArmCells Enter(Arm arm, int stripe, long ticksAgo)
    {
        for (var tick = long.MinValue; ; tick++)
        {
            var current = Current;
            if (Volatile.Read(ref _lastEntered) != current) Volatile.Write(ref _lastEntered, current); // before the search: holds what is found
            tick = Math.Clamp(tick, current - Math.Min(ticksAgo, _deadline), current);
            if (Find(tick) is not { IsClosing: false } slot) continue;
            var cells = slot.Cells(arm, Shape(arm));
            cells.Start(stripe);
            if (!slot.IsClosing) return cells;
            cells.Start(stripe, -1);
        }
    }

    /// <summary>Opens a tick and makes it the current one; an older number changes nothing.</summary>
    public void Advance(long tick)
    {
        if (tick <= _current) return;
        if (tick > _current + 1) Volatile.Write(ref _beforeGap, _newest); // the ring may need its place while its requests still run
        _newest.Next = tick;
        var slot = _newest = Open(tick);
        if (_control.HasTraffic) slot.Cells(Arm.Control, _control);
        if (_canary.HasTraffic) slot.Cells(Arm.Canary, _canary);
        Interlocked.Exchange(ref _current, tick); // a full fence: see Start
    }

    /// <summary>Removes and reads the oldest tick if it is complete: all that started in it ended, or its deadline has passed.</summary>
    public TickTally? TakeOldest()
    {
        if (!_live.TryPeek(out var slot) || slot.Tick >= _current) return null;
        var isOver = _current - slot.Next >= _deadline;
        // Where starts are not seen, a call that is still under way shows nowhere: only the deadline makes such a tick complete.
        if (!isOver && _current - Volatile.Read(ref _lastEntered) <= _deadline) return null;
        slot.IsClosing = true;
        if (isOver) Remove(slot); // an outcome that ends in this very moment is given up, whether or not it is still counted
        var tally = isOver ? slot.ReadGivingUp() : slot.ReadIfSettled();
        if (tally is null) slot.IsClosing = false;
        else if (!isOver) Remove(slot);
        return tally;
    }

    private ArmShape Shape(Arm arm) => arm == Arm.Canary ? _canary : _control;

    private TickSlot? Find(long tick) =>
        Volatile.Read(ref _slots[tick & (_slots.Length - 1)]) is { } slot && slot.Tick == tick ? slot
        : Volatile.Read(ref _beforeGap) is { } older && older.Tick == tick ? older
        : null;

    private TickSlot Open(long tick)
    {
        var slot = new TickSlot(tick, _control.Layout, _canary.Layout);
        _live.Enqueue(slot);
        Volatile.Write(ref _slots[tick & (_slots.Length - 1)], slot);
        return slot;
    }

    private void Remove(TickSlot slot)
    {
        _live.Dequeue();
        if (_beforeGap == slot) Volatile.Write(ref _beforeGap, null);
        ref var place = ref _slots[slot.Tick & (_slots.Length - 1)];
        if (place == slot) Volatile.Write(ref place, null); // after a gap a newer tick may be there
    }
}
