using System.Collections.Immutable;

namespace AgentCanary.Metrics;

/// <summary>
/// Counts the outcomes of one stage by the tick in which their requests <em>started</em>, for both arms. <see cref="Start"/> and
/// <see cref="Record"/> are thread-safe, take no lock, never throw, and allocate nothing once an arm has seen its first outcome of a kind;
/// a plain outcome is three interlocked adds. The other members belong to the control path: they may be called from any thread and wait for
/// each other, never for the hot path. An incomplete tick takes about 0.5 KB an arm, and more by the bins that the checks ask for: 0.8 KB for
/// stable's latencies until cuts are chosen from them, 0.4 KB for a score; all else takes 20 KB an arm at most, whatever the traffic.
/// </summary>
public sealed class OutcomeRecorder
{
    /// <summary>The start tick of a request whose start nobody counted.</summary>
    public const long StartNotSeen = -1;

    /// <summary>The start tick of a request that is served and counted in the totals, and that is no evidence.</summary>
    public const long NoEvidence = -2;

    private readonly RecorderOptions _options;
    private readonly TickRing _ring;
    private readonly ArmShape _controlShape;
    private readonly ArmShape _canaryShape;
    private readonly ArmMeter _control;
    private readonly ArmMeter _canary;
    private readonly int _mask;
    private readonly SafetyCount _safety;
    private readonly Lock _gate = new();
    private ArmTotals _takenControl = ArmTotals.Empty;
    private ArmTotals _takenCanary = ArmTotals.Empty;
    private StripedSums? _outside;
    private long _missing;
    private long _refused;
    private long _late;
    private long _warmUntil = long.MinValue;
    private int _failuresInARow;

    /// <summary>Makes a recorder.</summary>
    /// <param name="options">How to count.</param>
    /// <param name="firstTick">The tick of now, 0 or more.</param>
    /// <exception cref="ArgumentException">An option is outside its range; the message names it, the value and the rule.</exception>
    public OutcomeRecorder(RecorderOptions options, long firstTick)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentOutOfRangeException.ThrowIfNegative(firstTick);
        _options = options.Checked();
        _safety = options.Safety ?? new();
        var stripes = Stripe.Round(options.StripeCount);
        _mask = stripes - 1;
        _controlShape = new(stripes, options.ScoreNames, BinLayout.Of(options.Bins, Arm.Control, options.ScoreNames, options.Histories));
        _canaryShape = new(stripes, options.ScoreNames, BinLayout.Of(options.Bins, Arm.Canary, options.ScoreNames, options.Histories));
        (_control, _canary) = (new(_controlShape), new(_canaryShape));
        _ring = new(_controlShape, _canaryShape, options.DeadlineTicks, firstTick);
    }

    /// <summary>Gets the tick that requests start in now. <see cref="Take"/> advances it.</summary>
    public long CurrentTick => _ring.Current;

    /// <summary>Gets how many outcomes were refused because a figure was negative, not finite or absurd.</summary>
    public long Refused => Volatile.Read(ref _refused);

    /// <summary>Gets how many outcomes came after their tick was taken; they are in the cumulative figures only.</summary>
    public long Late => Volatile.Read(ref _late);

    /// <summary>Gets how many outcomes of an arm came after their tick was taken.</summary>
    public long LateOf(Arm arm) => Meter(arm).Late.Finished;

    /// <summary>Gets how many requests had not ended at the outcome deadline and were counted as timed out.</summary>
    public long Missing => Volatile.Read(ref _missing);

    /// <summary>Gets how many outcomes were recorded for <see cref="Arm.Outside"/>, which is counted nowhere else.</summary>
    public long Outside => Volatile.Read(ref _outside)?.Read(0) ?? 0;

    /// <summary>Gets how many of the canary's last finished requests were hard failures without another outcome between them.</summary>
    public int CanaryFailuresInARow => Volatile.Read(ref _failuresInARow);

    /// <summary>Gets whether requests that start now are no evidence.</summary>
    internal bool IsWarmingUp => _ring.Current < Volatile.Read(ref _warmUntil);

    /// <summary>Counts a start in the current tick. Hot path.</summary>
    /// <returns>The tick, to be given to <see cref="Record"/>; <see cref="NoEvidence"/> during a warm-up.</returns>
    public long Start(Arm arm) => arm is not (Arm.Control or Arm.Canary) ? _ring.Current : IsWarmingUp ? NoEvidence : _ring.Start(arm, Stripe.Mine & _mask);

    /// <summary>Counts an outcome, once for each start. Hot path.</summary>
    /// <param name="arm">The arm of the request.</param>
    /// <param name="startTick">What <see cref="Start"/> gave, or <see cref="StartNotSeen"/>: then the tick follows from the latency, where it is known, at
    /// most the outcome deadline ago, and start and end are counted at once. <see cref="NoEvidence"/> counts in the totals only.</param>
    /// <param name="keyHash">A hash of the sticky key, for the count of distinct users; 0 without a key.</param>
    /// <param name="outcome">How it ended.</param>
    /// <returns>False where the outcome was refused: a negative latency, token count or cost, a figure that is not finite, more than 10^9
    /// tokens, a cost above 10^6 or a score beyond ±10^4. Its request has ended all the same and is no evidence: it never counts as
    /// missing.</returns>
    public bool Record(Arm arm, long startTick, ulong keyHash, in Outcome outcome)
    {
        if (!OutcomeLimits.Allow(in outcome))
        {
            Refuse(arm, startTick);
            return false;
        }
        var stripe = Stripe.Mine & _mask;
        if (arm is not (Arm.Control or Arm.Canary))
        {
            CountOutside(stripe);
            return true;
        }
        var meter = arm == Arm.Canary ? _canary : _control;
        var ticksAgo = outcome.Latency.GetValueOrDefault().Ticks / _options.TickPeriod.Ticks;
        if (startTick == NoEvidence || (startTick == StartNotSeen && _ring.Current - ticksAgo < Volatile.Read(ref _warmUntil))) meter.AddBeside(stripe, in outcome);
        else Count(arm, meter, stripe, startTick, ticksAgo, keyHash, in outcome);
        if (arm == Arm.Canary) Watch(in outcome);
        return true;
    }

    /// <summary>Counts safety violations of the canary that were found after the answer.</summary>
    internal void AddViolations(int violations)
    {
        _safety.Add(violations);
        Call(_options.Urgent);
    }

    /// <summary>Makes requests that start from now on no evidence, until a tick: versions that are cold, or too few, show nothing of what they are. Both arms alike, so that they stay comparable.</summary>
    internal void WarmUp(long untilTick)
    {
        lock (_gate) Volatile.Write(ref _warmUntil, Math.Max(_warmUntil, untilTick));
    }

    /// <summary>
    /// Advances to a tick and removes the complete ones, in order and each once: those in which everything that started has ended, in both
    /// arms, or whose outcome deadline has passed since the tick that followed. What is missing then is counted as
    /// <see cref="OutcomeClass.Timeout"/>. An incomplete tick holds the later ones back. Ticks without any request are left out. While
    /// outcomes come whose starts were not seen, ticks are complete at the deadline only.
    /// </summary>
    /// <param name="nowTick">The tick of now; an earlier one than the current does not advance.</param>
    public ImmutableArray<TickTally> Take(long nowTick)
    {
        lock (_gate)
        {
            _ring.Advance(nowTick);
            var taken = ImmutableArray.CreateBuilder<TickTally>();
            while (_ring.TakeOldest() is { } tally)
            {
                if (tally.IsEmpty) continue;
                taken.Add(tally);
                Volatile.Write(ref _missing, _missing + tally.Control.Missing + tally.Canary.Missing);
                _takenControl = _takenControl.Plus(tally.Control.Arrived);
                _takenCanary = _takenCanary.Plus(tally.Canary.Arrived);
            }
            return taken.DrainToImmutable();
        }
    }

    /// <summary>Counts by other bins in the ticks that are opened from now on; a tick that is open keeps its own.</summary>
    internal void Use(BinPlan plan)
    {
        lock (_gate)
        {
            _controlShape.Layout = BinLayout.Of(plan, Arm.Control, _options.ScoreNames, _options.Histories);
            _canaryShape.Layout = BinLayout.Of(plan, Arm.Canary, _options.ScoreNames, _options.Histories);
        }
    }

    /// <summary>Reads the ticks that are not taken yet, the current one included, in which everything that started in both arms has ended.
    /// They stay, and the next <see cref="Take"/> may give them with more in them.</summary>
    public ImmutableArray<TickTally> PeekSettled()
    {
        lock (_gate)
        {
            ImmutableArray<TickTally>.Builder? settled = null;
            foreach (var slot in _ring.Live)
            {
                if (slot.ReadIfSettled() is { IsEmpty: false } tally) (settled ??= ImmutableArray.CreateBuilder<TickTally>()).Add(tally);
            }
            return settled?.DrainToImmutable() ?? [];
        }
    }

    /// <summary>Gets what has arrived in an arm so far, in complete and incomplete ticks and late.</summary>
    public ArmTotals Totals(Arm arm)
    {
        lock (_gate)
        {
            var totals = (arm == Arm.Canary ? _takenCanary : _takenControl).Plus(Meter(arm).Untimed);
            foreach (var slot in _ring.Live)
            {
                if (slot[arm] is { } cells) totals = totals.Plus(cells.ReadTotals());
            }
            return totals;
        }
    }

    /// <summary>Gets how many requests of an arm have ended so far, and how many of them by the transport or a 5xx.</summary>
    internal (long Finished, long HardFailed) EndedOf(Arm arm)
    {
        lock (_gate)
        {
            var (taken, untimed) = (arm == Arm.Canary ? _takenCanary : _takenControl, Meter(arm).Untimed);
            var (finished, hardFailed) = (taken.Finished + untimed.Finished, taken.HardFailed + untimed.HardFailed);
            foreach (var slot in _ring.Live)
            {
                if (slot[arm] is { } cells) (finished, hardFailed) = (finished + cells.ReadEnded() - cells.ReadRefused(), hardFailed + cells.ReadHardFailed());
            }
            return (finished, hardFailed);
        }
    }

    /// <summary>Gets the latencies of all counted outcomes of an arm so far, failures included.</summary>
    public LatencySnapshot Latency(Arm arm) => Meter(arm).Latency;

    /// <summary>Gets the times to first content of all counted outcomes of an arm so far that had one.</summary>
    public LatencySnapshot FirstContent(Arm arm) => Meter(arm).FirstContent;

    /// <summary>Gets the distinct users of an arm so far.</summary>
    public UserSketch Users(Arm arm) => Meter(arm).Users;

    private ArmMeter Meter(Arm arm) => arm is Arm.Control or Arm.Canary ? arm == Arm.Canary ? _canary : _control
        : throw new ArgumentOutOfRangeException(nameof(arm), arm, "Figures are kept for control and canary only.");

    private void Count(Arm arm, ArmMeter meter, int stripe, long startTick, long ticksAgo, ulong keyHash, in Outcome outcome)
    {
        meter.Add(stripe, keyHash, in outcome);
        var cells = startTick != StartNotSeen ? _ring.Find(startTick, arm) : _ring.Enter(arm, stripe, ticksAgo);
        if (cells is null) RecordLate(meter, stripe, in outcome);
        else cells.End(stripe, keyHash, in outcome); // last: with this the request has ended, and all of it is counted
    }

    private void Refuse(Arm arm, long startTick)
    {
        Interlocked.Increment(ref _refused);
        if (arm is (Arm.Control or Arm.Canary) && startTick != StartNotSeen) _ring.Find(startTick, arm)?.EndRefused(Stripe.Mine & _mask);
    }

    private void CountOutside(int stripe)
    {
        var outside = _outside;
        if (outside is null)
        {
            var made = new StripedSums(1, _mask + 1);
            outside = Interlocked.CompareExchange(ref _outside, made, null) ?? made;
        }
        outside.Add(stripe, 0, 1);
    }

    private void RecordLate(ArmMeter meter, int stripe, in Outcome outcome)
    {
        meter.AddLate(stripe, in outcome);
        Interlocked.Increment(ref _late);
    }

    private void Watch(in Outcome outcome)
    {
        var isUrgent = outcome.Violations > 0;
        if (isUrgent) _safety.Add(outcome.Violations);
        if (outcome.IsHardFailure) isUrgent |= Interlocked.Increment(ref _failuresInARow) == _options.FastFailures;
        else if (Volatile.Read(ref _failuresInARow) != 0) Volatile.Write(ref _failuresInARow, 0);
        if (isUrgent) Call(_options.Urgent);
    }

    private static void Call(Action? urgent)
    {
        try
        {
            urgent?.Invoke();
        }
        catch (Exception)
        {
            // A user's call never fails because of us; the next tick looks anyway.
        }
    }
}
