using AgentCanary.Metrics;
using static AgentCanary.Core.Tests.Metrics.Calls;

namespace AgentCanary.Core.Tests.Metrics;

public sealed class WarmUpTests
{
    [Fact]
    public void Requests_of_a_warm_up_stand_in_the_totals_of_both_arms_and_in_no_tick_histogram_or_count_of_users()
    {
        var recorder = Recorder();
        recorder.WarmUp(First + 2);
        foreach (var arm in new[] { Arm.Control, Arm.Canary })
        {
            Assert.Equal(OutcomeRecorder.NoEvidence, recorder.Start(arm));
            recorder.Run(arm, Of(OutcomeClass.ErrorUpstream), keyHash: 5);
            Assert.True(recorder.Record(arm, OutcomeRecorder.StartNotSeen, 6, Ok));
            Assert.Equal((2, 1, 0), (recorder.Totals(arm).Finished, recorder.Totals(arm).Failed, recorder.Totals(arm).InFlight));
            Assert.Equal((0, 0), (recorder.Latency(arm).Count, recorder.Users(arm).Count));
        }
        Assert.Empty(recorder.PeekSettled());
        Assert.Empty(recorder.Take(First + 20));
        Assert.Equal((0, 0), (recorder.Late, recorder.Missing));
    }

    [Fact]
    public void A_warm_up_ends_with_its_tick_and_what_started_before_it_is_evidence()
    {
        var recorder = Recorder();
        var before = recorder.Start(Arm.Canary);
        recorder.WarmUp(First + 3);
        recorder.Take(First + 2);
        recorder.Run(Arm.Canary, Ok);
        recorder.Record(Arm.Canary, before, 0, Ok);
        Assert.Equal((First, 1L), recorder.Take(First + 3).Select(tally => (tally.Tick, tally.Canary.Finished)).Single());
        recorder.Run(Arm.Canary, Ok);
        // It ended after the warm-up, and started in it.
        recorder.Record(Arm.Canary, OutcomeRecorder.StartNotSeen, 0, Taking(1_500));
        recorder.Record(Arm.Canary, OutcomeRecorder.StartNotSeen, 0, Taking(500));
        Assert.Equal([(First + 3, 2L)], recorder.PeekSettled().Select(tally => (tally.Tick, tally.Canary.Finished)));
        Assert.Equal(5, recorder.Totals(Arm.Canary).Finished);
    }

    [Fact]
    public void A_violation_and_a_row_of_failures_are_urgent_in_a_warm_up_too()
    {
        var urgent = 0;
        var recorder = Recorder(() => urgent++);
        recorder.WarmUp(First + 100);
        recorder.Run(Arm.Canary, Of(OutcomeClass.Safety));
        for (var i = 0; i < 3; i++) recorder.Run(Arm.Canary, Of(OutcomeClass.ErrorUpstream));
        Assert.Equal((2, 3), (urgent, recorder.CanaryFailuresInARow));
        Assert.Equal(1, recorder.Totals(Arm.Canary).SafetyViolations);
    }

    [Fact]
    public void A_refused_outcome_of_a_warm_up_is_refused_and_no_more()
    {
        var recorder = Recorder();
        recorder.WarmUp(First + 100);
        Assert.False(recorder.Record(Arm.Canary, recorder.Start(Arm.Canary), 0, new Outcome { Latency = TimeSpan.FromMilliseconds(-1) }));
        Assert.Equal((1, 0), (recorder.Refused, recorder.Totals(Arm.Canary).Finished));
    }
}
