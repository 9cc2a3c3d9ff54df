using AgentCanary.Metrics;
using static AgentCanary.Core.Tests.Metrics.Calls;

namespace AgentCanary.Core.Tests.Metrics;

public sealed class TickCompletenessTests
{
    [Fact]
    public void A_tick_is_given_once_after_all_that_started_in_it_has_ended()
    {
        var recorder = Recorder();
        recorder.Run(Arm.Canary, Ok);
        recorder.Run(Arm.Control, Of(OutcomeClass.ErrorUpstream));

        Assert.Empty(recorder.Take(First));
        var tally = Assert.Single(recorder.Take(First + 1));
        Assert.Empty(recorder.Take(First + 2));
        Assert.Equal(First, tally.Tick);
        Assert.Equal(1, tally.Canary[OutcomeClass.Ok]);
        Assert.Equal(1, tally.Control[OutcomeClass.ErrorUpstream]);
        Assert.Equal(First + 2, recorder.CurrentTick);
    }

    [Fact]
    public void A_request_counts_in_the_tick_it_started_in_however_late_it_ends()
    {
        var recorder = Recorder();
        var slow = recorder.Start(Arm.Canary);
        recorder.Take(First + 1);
        var fast = recorder.Start(Arm.Canary);
        recorder.Record(Arm.Canary, fast, 0, Of(OutcomeClass.ErrorUpstream));

        Assert.Empty(recorder.Take(First + 5)); // the hung request holds its own tick and all after it
        recorder.Record(Arm.Canary, slow, 0, Ok);
        var taken = recorder.Take(First + 5);

        Assert.Equal([First, First + 1], taken.Select(tally => tally.Tick));
        Assert.Equal(1, taken[0].Canary[OutcomeClass.Ok]);
        Assert.Equal(1, taken[1].Canary[OutcomeClass.ErrorUpstream]);
        Assert.Equal(0, recorder.Missing);
    }

    [Fact]
    public void A_settled_tick_that_waits_is_told_with_all_that_ended_until_then()
    {
        var recorder = Recorder();
        recorder.Start(Arm.Canary);
        recorder.Take(First + 1);
        recorder.Run(Arm.Control, Ok);

        Assert.Same(Assert.Single(recorder.PeekSettled()), Assert.Single(recorder.PeekSettled()));
        recorder.Run(Arm.Canary, Of(OutcomeClass.ErrorUpstream));
        var tally = Assert.Single(recorder.PeekSettled());

        Assert.Equal(1, tally.Control[OutcomeClass.Ok]);
        Assert.Equal(1, tally.Canary[OutcomeClass.ErrorUpstream]);
        recorder.Start(Arm.Control);
        Assert.Empty(recorder.PeekSettled());
    }

    [Fact]
    public void A_hung_request_holds_its_tick_until_the_deadline_and_then_counts_as_timed_out()
    {
        var recorder = Recorder(deadline: 10);
        var hung = recorder.Start(Arm.Canary);
        recorder.Run(Arm.Canary, Ok);

        Assert.Empty(recorder.Take(First + 1));
        Assert.Empty(recorder.Take(First + 10));
        Assert.Equal(1, recorder.Totals(Arm.Canary).InFlight);
        var tally = Assert.Single(recorder.Take(First + 11));

        Assert.Equal(1, tally.Canary.Missing);
        Assert.Equal(1, tally.Canary[OutcomeClass.Timeout]);
        Assert.Equal(0.5, tally.Canary.ErrorRate);
        Assert.Equal(1, recorder.Missing);
        Assert.Equal(0, recorder.Totals(Arm.Canary).Failed); // it did not arrive

        Assert.True(recorder.Record(Arm.Canary, hung, 7, Ok));
        Assert.Equal(1, recorder.Late);
        Assert.Equal(2, recorder.Totals(Arm.Canary).Finished);
        Assert.Equal(2, recorder.Latency(Arm.Canary).Count);
        Assert.Equal(1, recorder.Users(Arm.Canary).Count);
        Assert.Empty(recorder.Take(First + 30));
    }

    [Fact]
    public void A_request_whose_outcome_was_refused_has_ended_and_is_no_evidence()
    {
        var recorder = Recorder(deadline: 10);
        recorder.Run(Arm.Canary, Ok);
        var wrong = recorder.Start(Arm.Canary);
        var hung = recorder.Start(Arm.Canary);
        Assert.Empty(recorder.Take(First + 1));
        Assert.False(recorder.Record(Arm.Canary, wrong, 0, Taking(-1)));
        Assert.Equal((1, 1), (recorder.Refused, recorder.Totals(Arm.Canary).InFlight));
        Assert.Empty(recorder.PeekSettled());

        recorder.Record(Arm.Canary, hung, 0, Ok);
        Assert.Equal(2, Assert.Single(recorder.PeekSettled()).Canary.Finished);
        Assert.Equal(2, Assert.Single(recorder.Take(First + 1)).Canary.Finished);
        Assert.False(recorder.Record(Arm.Canary, wrong, 0, Taking(-1))); // its tick is gone
        Assert.False(recorder.Record(Arm.Canary, OutcomeRecorder.StartNotSeen, 0, Taking(-1)));
        Assert.Equal((3, 0, 0), (recorder.Refused, recorder.Missing, recorder.Totals(Arm.Canary).InFlight));
    }

    [Fact]
    public void At_the_deadline_a_refused_outcome_is_not_missing_and_a_hung_request_beside_it_is()
    {
        var recorder = Recorder(deadline: 10);
        recorder.Record(Arm.Canary, recorder.Start(Arm.Canary), 0, Taking(-1));
        recorder.Record(Arm.Control, recorder.Start(Arm.Control), 0, Taking(-1));
        recorder.Start(Arm.Canary);
        recorder.Take(First + 1);
        var tally = Assert.Single(recorder.Take(First + 11));
        Assert.Equal((1, 1, 0), (tally.Canary.Missing, tally.Canary.Finished, tally.Control.Finished));
    }

    [Fact]
    public void Either_arm_holds_the_tick_for_both()
    {
        var recorder = Recorder();
        var control = recorder.Start(Arm.Control);
        recorder.Run(Arm.Canary, Ok);

        Assert.Empty(recorder.Take(First + 1));
        Assert.Empty(recorder.PeekSettled());
        recorder.Record(Arm.Control, control, 0, Ok);
        Assert.Single(recorder.Take(First + 1));
    }

    [Fact]
    public void The_open_tick_is_seen_beside_the_taken_ones_as_soon_as_it_is_settled()
    {
        var recorder = Recorder();
        recorder.Run(Arm.Canary, Ok);
        Assert.Equal(1, Assert.Single(recorder.PeekSettled()).Canary.Finished);

        var hung = recorder.Start(Arm.Control);
        Assert.Empty(recorder.PeekSettled());
        recorder.Take(First + 1);
        recorder.Run(Arm.Canary, Ok);
        Assert.Equal(First + 1, Assert.Single(recorder.PeekSettled()).Tick);

        recorder.Record(Arm.Control, hung, 0, Ok);
        Assert.Equal([First, First + 1], recorder.PeekSettled().Select(tally => tally.Tick));
        Assert.Equal(First, Assert.Single(recorder.Take(First + 1)).Tick);
        Assert.Equal(First + 1, Assert.Single(recorder.PeekSettled()).Tick);
    }

    [Fact]
    public void An_outcome_without_a_start_goes_back_by_its_latency_and_its_tick_waits_for_the_deadline()
    {
        var recorder = Recorder(deadline: 10);
        recorder.Take(First + 1);
        recorder.Take(First + 2);
        recorder.Record(Arm.Canary, OutcomeRecorder.StartNotSeen, 0, Taking(100)); // from now on starts are known to be unseen
        recorder.Take(First + 3);
        recorder.Take(First + 4);
        recorder.Record(Arm.Canary, OutcomeRecorder.StartNotSeen, 0, Taking(1_500));

        Assert.Equal([First + 2, First + 3], recorder.PeekSettled().Select(tally => tally.Tick));
        Assert.Empty(recorder.Take(First + 12));
        Assert.Equal([First + 2], recorder.Take(First + 13).Select(tally => tally.Tick));
        Assert.Equal([First + 3], recorder.Take(First + 14).Select(tally => tally.Tick));
        Assert.Equal((0, 0), (recorder.Late, recorder.Missing));
    }

    [Fact]
    public void A_latency_beyond_the_deadline_is_held_within_the_ring()
    {
        var recorder = Recorder(deadline: 10);
        recorder.Take(First + 1);
        recorder.Record(Arm.Canary, OutcomeRecorder.StartNotSeen, 0, new() { Latency = TimeSpan.MaxValue });
        Assert.Equal(1, recorder.PeekSettled().Sum(tally => tally.Canary.Finished));
        Assert.Equal(0, recorder.Late);
    }

    [Fact]
    public void Ticks_are_complete_at_once_again_when_unseen_starts_have_stopped()
    {
        var recorder = Recorder(deadline: 10);
        recorder.Record(Arm.Canary, OutcomeRecorder.StartNotSeen, 0, Ok);
        Assert.Single(recorder.Take(First + 11));
        recorder.Run(Arm.Canary, Ok);
        Assert.Single(recorder.Take(First + 12));
    }

    [Fact]
    public void After_a_gap_without_ticks_a_request_that_runs_still_has_its_whole_deadline()
    {
        var recorder = Recorder(deadline: 10);
        var running = recorder.Start(Arm.Canary); // nobody advanced the ticks: it may have started just now
        for (var tick = First + 1_000_000; tick < First + 1_000_010; tick++)
        {
            Assert.Empty(recorder.Take(tick)); // each takes a place in the ring
            recorder.Run(Arm.Canary, Ok);
        }
        recorder.Record(Arm.Canary, running, 0, Ok);
        Assert.Equal(10, recorder.Take(First + 1_000_009).Length);
        Assert.Equal((0, 0), (recorder.Late, recorder.Missing));

        recorder.Start(Arm.Canary);
        Assert.Empty(recorder.Take(First + 2_000_000));
        Assert.Empty(recorder.Take(First + 2_000_009));
        Assert.Equal((1, 1), (Assert.Single(recorder.Take(First + 2_000_010)).Canary.Missing, recorder.Missing));
    }

    [Fact]
    public void A_step_back_of_the_clock_changes_nothing()
    {
        var recorder = Recorder();
        recorder.Run(Arm.Canary, Ok);
        Assert.Empty(recorder.Take(First - 100));
        Assert.Equal(First, recorder.CurrentTick);
        recorder.Run(Arm.Canary, Ok);
        Assert.Equal(2, Assert.Single(recorder.Take(First + 1)).Canary.Finished);
    }

    [Fact]
    public void A_start_tick_that_never_was_is_late_and_harms_nothing()
    {
        var recorder = Recorder();
        foreach (var tick in new[] { long.MinValue, -3, 0, First - 1, First + 1, long.MaxValue })
            Assert.True(recorder.Record(Arm.Canary, tick, 0, Ok));
        Assert.Equal(6, recorder.Late);
        Assert.Equal(6, recorder.Totals(Arm.Canary).Finished);
        Assert.Empty(recorder.PeekSettled());
    }
}
