using AgentCanary.Analysis.Sequential;
using AgentCanary.Metrics;
using static AgentCanary.Core.Tests.Metrics.Calls;

namespace AgentCanary.Core.Tests.Metrics;

public sealed class RecorderBudgetTests
{
    private static readonly Outcome Rich = new()
    {
        Latency = TimeSpan.FromMilliseconds(812), FirstContent = TimeSpan.FromMilliseconds(120), Tokens = 350, Cost = 0.0021, Scores = [new("quality", 0.8)],
    };

    [Fact]
    public void Start_and_record_allocate_nothing_in_any_tick_once_an_arm_is_known()
    {
        var recorder = Recorder(scores: "quality");
        recorder.Run(Arm.Canary, Rich, 1);
        recorder.Run(Arm.Outside, Rich);
        recorder.Record(Arm.Canary, OutcomeRecorder.NoEvidence, 1, in Rich);
        var allocated = 0L;
        for (var tick = First + 1; tick < First + 20; tick++)
        {
            recorder.Take(tick);
            var before = GC.GetAllocatedBytesForCurrentThread();
            for (var i = 0; i < 1_000; i++)
            {
                recorder.Record(Arm.Canary, recorder.Start(Arm.Canary), (ulong)i, in Rich);
                recorder.Record(Arm.Canary, OutcomeRecorder.StartNotSeen, (ulong)i, in Rich);
                recorder.Record(Arm.Canary, OutcomeRecorder.NoEvidence, (ulong)i, in Rich);
                recorder.Record(Arm.Outside, recorder.Start(Arm.Outside), (ulong)i, in Rich);
            }
            allocated += GC.GetAllocatedBytesForCurrentThread() - before;
        }
        Assert.Equal(0, allocated);
    }

    [Fact]
    public void An_arm_takes_at_most_one_kilobyte_before_its_first_outcome()
    {
        Recorder();
        var options = new RecorderOptions();
        var allocated = Allocated(() => new OutcomeRecorder(options, First));
        Assert.InRange(allocated, 1, 2 * 1024);
    }

    [Fact]
    public void An_arm_takes_at_most_48_kilobytes_with_16_ticks_under_way_and_does_not_grow_with_traffic()
    {
        Fill(1); // types are loaded
        var few = Allocated(() => Fill(1));
        var many = Allocated(() => Fill(2_000));

        Assert.InRange(few, 1, 48 * 1024);
        // 32,000 requests: a single byte for each would be 30 times this allowance for what the runtime itself allocates once.
        Assert.InRange(many, 1, few + 1024);

        // One arm, streams included; every tick has one request that has not ended.
        static OutcomeRecorder Fill(int requests)
        {
            var recorder = Recorder(deadline: 120);
            for (var tick = First; tick < First + 16; tick++)
            {
                recorder.Take(tick);
                recorder.Start(Arm.Canary);
                for (var i = 0; i < requests; i++)
                    recorder.Record(Arm.Canary, recorder.Start(Arm.Canary), (ulong)i + 1, Streamed(i));
            }
            return recorder;
        }
    }

    [Fact]
    public void By_bins_start_and_record_allocate_nothing_either()
    {
        var recorder = new OutcomeRecorder(new() { Bins = Plan("p95_latency_increase < 0.5", "score.quality_delta > -0.1", "cost_per_request < 2"), ScoreNames = ["quality"] }, First);
        recorder.Run(Arm.Control, Rich, 1);
        var allocated = 0L;
        for (var tick = First + 1; tick < First + 20; tick++)
        {
            recorder.Take(tick);
            var before = GC.GetAllocatedBytesForCurrentThread();
            for (var i = 0; i < 1_000; i++) recorder.Record(Arm.Control, recorder.Start(Arm.Control), (ulong)i, in Rich);
            allocated += GC.GetAllocatedBytesForCurrentThread() - before;
        }
        Assert.Equal(0, allocated);
    }

    [Fact]
    public void By_the_bins_of_the_default_checks_an_arm_takes_at_most_48_kilobytes_too()
    {
        // Stable is counted finely before its quantiles are frozen: the most there is.
        var plan = Plan([.. Stage.DefaultChecks.Select(check => check.Text)]);
        Fill();
        Assert.InRange(Allocated(Fill), 1, 48 * 1024);

        OutcomeRecorder Fill()
        {
            var recorder = new OutcomeRecorder(new() { Bins = plan }, First);
            for (var tick = First; tick < First + 16; tick++)
            {
                recorder.Take(tick);
                recorder.Start(Arm.Control);
                for (var i = 0; i < 100; i++) recorder.Record(Arm.Control, recorder.Start(Arm.Control), (ulong)i + 1, Streamed(i));
            }
            return recorder;
        }
    }

    private static BinPlan Plan(params string[] checks)
    {
        var terms = SequentialTerms.Of(checks.Select(Check.Parse), 0.01, 0.05, null);
        return SequentialEvidence.Start(terms).Plan(terms);
    }

    private static Outcome Streamed(int i) => new() { Latency = TimeSpan.FromMilliseconds(1 + i), FirstContent = TimeSpan.FromMilliseconds(1 + (i / 4)) };

    private static long Allocated(Func<object> make)
    {
        var before = GC.GetAllocatedBytesForCurrentThread();
        GC.KeepAlive(make());
        return GC.GetAllocatedBytesForCurrentThread() - before;
    }
}
