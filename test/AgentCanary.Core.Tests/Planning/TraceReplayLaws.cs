using FsCheck;
using FsCheck.Fluent;
using AgentCanary.Spec;

namespace AgentCanary.Planning;

public sealed class TraceReplayLaws
{
    private static readonly Gen<TraceOutcome> Outcomes =
        from arm in Gen.Frequency((6, Gen.Constant(Arm.Control)), (3, Gen.Constant(Arm.Canary)), (1, Gen.Constant(Arm.Outside)))
        from outcomeClass in Gen.Frequency((12, Gen.Constant(OutcomeClass.Ok)), (2, Gen.Elements(Enum.GetValues<OutcomeClass>().Where(one => one is not OutcomeClass.Safety).ToArray())))
        from latency in Gen.Frequency((9, Gen.Choose(0, 3_000)), (1, Gen.Choose(0, 400_000)))
        from key in Gen.Choose(0, 300)
        select new TraceOutcome(default, arm, (ulong)key * 7919, new() { Class = outcomeClass, Latency = TimeSpan.FromMilliseconds(latency) });

    // Bursts of traffic with gaps of minutes to hours between them; many starts and ends fall on whole seconds and together.
    private static readonly Gen<TraceOutcome[]> Traces =
        from bursts in Gen.Choose(1, 3)
        from gaps in Gen.ArrayOf(Gen.Frequency((2, Gen.Choose(0, 100)), (2, Gen.Choose(100, 400)), (1, Gen.Choose(400, 4_000))), bursts)
        from sizes in Gen.ArrayOf(Gen.Choose(0, 200), bursts)
        from outcomes in Gen.ArrayOf(Outcomes, sizes.Sum())
        from steps in Gen.ArrayOf(Gen.Elements(0, 0, 100, 250, 500, 1000), sizes.Sum())
        select Spread(gaps, sizes, outcomes, steps);

    private static readonly Gen<RolloutSpec> Specs =
        from mode in Gen.Elements(Enum.GetValues<AnalysisMode>())
        from bakes in Gen.ArrayOf(Gen.Elements(0, 20, 90, 1_000, 3_000), 2)
        from deadlines in Gen.ArrayOf(Gen.Elements(0, 0, 60, 500, 2_000), 2)
        from onDeadline in Gen.Elements(Enum.GetValues<OnDeadline>())
        from autoRollback in Gen.Elements(true, true, false)
        from warmUp in Gen.Elements(0, 0, 30, 700)
        from check in Gen.Elements("error_rate_delta < 0.05", "error_rate_increase < 0.10", "success_rate >= 0.8", "p95_latency_increase < 0.5")
        select SomeTraces.Rollout([.. bakes.Select((bake, i) => SomeTraces.Stage($"stage-{i}", TimeSpan.FromSeconds(bake), check) with
        {
            Deadline = deadlines[i] == 0 ? null : TimeSpan.FromSeconds(deadlines[i]),
            OnDeadline = onDeadline,
            AutoRollback = autoRollback,
            MinRequests = 10,
        })]) with { Analysis = new() { Mode = mode, WarmUp = TimeSpan.FromSeconds(warmUp) } };

    private static readonly Arbitrary<(RolloutSpec Spec, TraceOutcome[] Outcomes)> Any = Arb.From(from spec in Specs from outcomes in Traces select (spec, outcomes));

    private static readonly Config Runs = Config.QuickThrowOnFailure.WithMaxTest(100);

    [Fact]
    public void Leaving_out_the_ticks_in_which_nothing_can_change_changes_nothing() => Prop.ForAll(Any, any =>
    {
        var trace = Trace.Of(any.Outcomes);
        return Told(TraceReplay.Run(any.Spec, trace, Second, judgesEveryTick: true)) == Told(TraceReplay.Run(any.Spec, trace, Second));
    }).Check(Runs);

    [Fact]
    public void A_trace_means_the_same_in_whatever_order_its_lines_stand() => Prop.ForAll(Any, Arb.From(Gen.Choose(0, int.MaxValue)), (any, seed) =>
    {
        var shuffled = any.Outcomes.ToArray();
        new Random(seed).Shuffle(shuffled);
        return Told(TraceReplay.Run(any.Spec, Trace.Of(any.Outcomes), Second)) == Told(TraceReplay.Run(any.Spec, Trace.Of(shuffled), Second));
    }).Check(Runs);

    [Fact]
    public void A_replay_does_what_a_process_does_that_sees_the_same_requests_and_looks_every_second() => Prop.ForAll(Any, any =>
        Told(Process(any.Spec, any.Outcomes)) == Told(TraceReplay.Run(any.Spec, Trace.Of(any.Outcomes), Second))).Check(Runs);

    private static TimeSpan Second => TimeSpan.FromSeconds(1);

    private static string Told(ReplayResult result) => TraceReplayTests.Told(result);

    private static TraceOutcome[] Spread(int[] gaps, int[] sizes, TraceOutcome[] outcomes, int[] steps)
    {
        var (at, next) = (0L, 0);
        for (var burst = 0; burst < gaps.Length; burst++)
        {
            at += gaps[burst] * 1000L;
            for (var i = 0; i < sizes[burst]; i++, next++) outcomes[next] = outcomes[next] with { At = TimeSpan.FromMilliseconds(at += steps[next]) };
        }
        return outcomes;
    }

    // All starts and ends in one list, and a judgement at each second: no queue, nothing left out.
    private static ReplayResult Process(RolloutSpec spec, TraceOutcome[] outcomes)
    {
        var trial = new Trial(spec, Second, outcomeDeadline: TimeSpan.FromHours(1));
        var sorted = Trace.Of(outcomes).Outcomes.ToArray().Where(outcome => outcome.Arm is not Arm.Outside).ToArray();
        var assignments = new Assignment[sorted.Length];
        var events = new SortedSet<(TimeSpan At, bool IsStart, int Index)>(sorted.SelectMany((outcome, i) => new[] { (outcome.At, true, i), (outcome.EndedAt, false, i) }));
        var last = (long)Math.Max(Math.Ceiling(Trace.Of(outcomes).End.TotalSeconds), Math.Floor(Trace.Of(outcomes).LastStart.TotalSeconds) + 1);
        var (decisions, canary, reason, now) = (new List<ReplayDecision>(), new List<Outcome>(), "", TimeSpan.Zero);
        for (var tick = 1L; tick <= last && !trial.State.IsTerminal; tick++)
        {
            var until = TimeSpan.FromSeconds(tick);
            while (!trial.State.IsTerminal)
            {
                // An end at a moment comes before the starts at it, but not before its own.
                var next = events.FirstOrDefault(one => one.IsStart || assignments[one.Index].Version is not null);
                if (events.Count == 0 || (next.IsStart ? next.At >= until : next.At > until)) break;
                events.Remove(next);
                if (next.IsStart) assignments[next.Index] = trial.Begin(sorted[next.Index].Arm, sorted[next.Index].KeyHash);
                else
                {
                    trial.Record(assignments[next.Index], sorted[next.Index].Outcome);
                    if (sorted[next.Index].Arm is Arm.Canary) canary.Add(sorted[next.Index].Outcome);
                }
                if (trial.IsUrgent) Judge(next.At);
            }
            if (!trial.State.IsTerminal) Judge(until);
        }
        return new()
        {
            Phase = trial.State.Phase, Stage = trial.State.Stage, At = now, Reason = reason, Decisions = [.. decisions],
            CanaryRequests = canary.Count, CanaryFailures = canary.Count(outcome => outcome.Class.IsFailure),
        };

        void Judge(TimeSpan at)
        {
            var before = trial.State;
            var (decision, _, change) = trial.Judge(at);
            (now, reason) = (at, decision.Reason);
            if (change is not null) decisions.Add(new(at, decision is Decision.Hold ? "Pause" : decision.Name, before.Stage, change.Next.Stage, decision.Reason, decision.Evidence));
        }
    }
}
