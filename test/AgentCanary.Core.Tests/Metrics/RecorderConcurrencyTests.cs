using AgentCanary.Metrics;
using static AgentCanary.Core.Tests.Metrics.Calls;

namespace AgentCanary.Core.Tests.Metrics;

public sealed class RecorderConcurrencyTests
{
    private const int Threads = 4;
    private const int Calls = 250_000;

    [Theory, InlineData(true), InlineData(false)]
    public void Four_threads_and_a_racing_taker_give_exactly_what_a_plain_model_counts(bool startsAreSeen)
    {
        // The deadline is far beyond the ticks that the taker gets through, so nothing may be missing or late.
        var recorder = new OutcomeRecorder(new() { OutcomeDeadline = TimeSpan.FromSeconds(90_000), ScoreNames = ["quality"], StripeCount = 2, Bins = Plan }, First);
        var taken = new List<TickTally>();
        using var go = new Barrier(Threads + 1);
        var running = Threads;
        var threads = Enumerable.Range(0, Threads).Select(number => new Thread(() =>
        {
            go.SignalAndWait();
            for (var i = 0; i < Calls; i++)
            {
                var outcome = Made(number, i);
                var arm = ArmOf(i);
                recorder.Record(arm, startsAreSeen ? recorder.Start(arm) : OutcomeRecorder.StartNotSeen, (ulong)i + 1, in outcome);
            }
            Interlocked.Decrement(ref running);
        })).ToList();
        threads.ForEach(thread => thread.Start());
        go.SignalAndWait();
        var tick = First;
        while (Volatile.Read(ref running) > 0 && tick < First + 80_000) taken.AddRange(recorder.Take(++tick));
        threads.ForEach(thread => thread.Join());
        taken.AddRange(recorder.Take(tick + 100_000));

        Assert.Equal((0, 0), (recorder.Late, recorder.Missing));
        Assert.Equal(taken.Select(tally => tally.Tick).Order(), taken.Select(tally => tally.Tick));
        Check(recorder, Arm.Canary, taken);
        Check(recorder, Arm.Control, taken);
    }

    [Fact]
    public void A_start_that_races_with_the_next_tick_is_never_lost()
    {
        // One writer that is put aside now and then between reading the tick and counting the start, since others want the cores too.
        const int Ticks = 99_000;
        var recorder = new OutcomeRecorder(new() { OutcomeDeadline = TimeSpan.FromSeconds(100_000) }, First);
        var (stop, recorded, taken) = (false, 0L, 0L);
        var outcome = Metrics.Calls.Ok;
        var threads = Enumerable.Range(0, 4).Select(number => new Thread(() =>
        {
            if (number > 0) SpinWait.SpinUntil(() => Volatile.Read(ref stop));
            else for (; !Volatile.Read(ref stop); recorded++) recorder.Record(Arm.Canary, recorder.Start(Arm.Canary), 0, in outcome);
        })).ToList();
        threads.ForEach(thread => thread.Start());
        for (var tick = First + 1; tick < First + Ticks; tick++) taken += recorder.Take(tick).Sum(tally => tally.Canary.Finished);
        Volatile.Write(ref stop, true);
        threads.ForEach(thread => thread.Join());
        taken += recorder.Take(First + Ticks).Sum(tally => tally.Canary.Finished);

        Assert.Equal((0, recorded), (recorder.Late, taken));
    }

    private static void Check(OutcomeRecorder recorder, Arm arm, List<TickTally> tallies)
    {
        var window = tallies.Select(tally => arm is Arm.Canary ? tally.Canary : tally.Control).Aggregate(MetricWindow.Empty, (sum, tick) => sum.Merge(tick));
        var model = Enumerable.Range(0, Threads).SelectMany(number => Enumerable.Range(0, Calls).Where(i => ArmOf(i) == arm).Select(i => Made(number, i))).ToList();
        foreach (var group in model.GroupBy(outcome => outcome.Class)) Assert.Equal(group.Count(), window[group.Key]);
        Assert.Equal(model.Count, window.Finished);
        Assert.Equal(model.Sum(outcome => outcome.Tokens!.Value), (long)window.Tokens);
        Assert.Equal(model.Sum(outcome => (decimal)outcome.SafetyViolations) + window[OutcomeClass.Safety], window.SafetyViolations);
        Assert.Equal(model.Count, window.Score("quality")!.Value.Count);
        var answers = model.Where(outcome => outcome.Class.IsCounted && !outcome.Class.IsFailure).ToList();
        var bins = tallies.Select(tally => arm is Arm.Canary ? tally.CanaryBins : tally.ControlBins).Aggregate(ArmBins.Empty, (sum, tick) => sum.Merge(tick));
        var counted = model.Count(outcome => outcome.Class.IsCounted);
        foreach (var cut in bins[Quantity.Latency]!.Bins.Cuts)
            Assert.Equal(answers.Count(outcome => outcome.Latency!.Value.Ticks >= cut) + counted - answers.Count, bins[Quantity.Latency]!.Over([cut])[1]);
        foreach (var cut in bins[Quantity.Tokens]!.Bins.Cuts) Assert.Equal(model.Count(outcome => outcome.Tokens >= cut), bins[Quantity.Tokens]!.Over([cut])[1]);
        Assert.Equal(model.Count, bins[Quantity.Score("quality")]!.Over([250_000])[1]);
        Assert.Equal(model.Count(outcome => outcome.Class.IsCounted), recorder.Latency(arm).Count);
        Assert.Equal((window.Finished, window.Failed, 0), (recorder.Totals(arm).Finished, recorder.Totals(arm).Failed, recorder.Totals(arm).InFlight));
    }

    // Few bins lie in every stripe, many are kept once.
    private static BinPlan Plan { get; } = new(
    [
        (Quantity.Latency, Bins.Of([500_000, 2_500_000, 5_000_000]), Bins.Of([1, 7_500_000])),
        (Quantity.Tokens, Bins.Of(Enumerable.Range(1, 100).Select(i => i * 2_500L)), Bins.Ladder(1, 18, 4)),
        (Quantity.Score("quality"), Bins.Of([250_000]), Bins.Of([250_000])),
    ]);

    private static Arm ArmOf(int i) => i % 5 == 0 ? Arm.Canary : Arm.Control;

    private static Outcome Made(int number, int i) => new()
    {
        Class = (OutcomeClass)(i % 13), Latency = TimeSpan.FromMicroseconds(i * (number + 1)), Tokens = i, SafetyViolations = i % 1_000 == 0 ? 1 : 0, Scores = Quality,
    };

    private static readonly System.Collections.Immutable.ImmutableArray<Score> Quality = [new("quality", 0.25)];
}
