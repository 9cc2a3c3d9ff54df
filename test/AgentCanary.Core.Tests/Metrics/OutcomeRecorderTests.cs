using System.Collections.Immutable;
using AgentCanary.Metrics;
using static AgentCanary.Core.Tests.Metrics.Calls;

namespace AgentCanary.Core.Tests.Metrics;

public sealed class OutcomeRecorderTests
{
    public static TheoryData<string, Outcome> Lies => new()
    {
        { "negative latency", Ok with { Latency = TimeSpan.FromTicks(-1) } },
        { "the least latency", Ok with { Latency = TimeSpan.MinValue } },
        { "negative first content", Ok with { FirstContent = TimeSpan.FromTicks(-1) } },
        { "negative tokens", Ok with { Tokens = -1 } },
        { "absurd tokens", Ok with { Tokens = long.MaxValue } },
        { "negative cost", Ok with { Cost = -1e-9 } },
        { "cost not a number", Ok with { Cost = double.NaN } },
        { "endless cost", Ok with { Cost = double.PositiveInfinity } },
        { "absurd cost", Ok with { Cost = 1e308 } },
        { "negative violations", Ok with { SafetyViolations = -1 } },
        { "score not a number", Ok with { Scores = [new("quality", 0.5), new("quality", double.NaN)] } },
        { "endless score", Ok with { Scores = [new("quality", double.NegativeInfinity)] } },
        { "absurd score of an unknown name", Ok with { Scores = [new("other", 1e300)] } },
        { "unknown class", Ok with { Class = (OutcomeClass)13 } },
        { "negative class", Ok with { Class = (OutcomeClass)(-1) } },
    };

    [Theory, MemberData(nameof(Lies))]
    public void A_figure_that_cannot_be_is_refused_and_counted_and_leaves_nothing_behind(string why, Outcome outcome)
    {
        var recorder = Recorder(urgent: () => Assert.Fail(why), fastFailures: 1, scores: "quality");
        foreach (var arm in Enum.GetValues<Arm>()) Assert.False(recorder.Record(arm, -1, 1, in outcome));

        Assert.Equal(3, recorder.Refused);
        Assert.Equal(0, recorder.Outside + recorder.Late);
        Assert.Equal(0, recorder.Totals(Arm.Canary).Finished + recorder.Latency(Arm.Canary).Count + recorder.Users(Arm.Canary).Count);
        Assert.Empty(recorder.PeekSettled());
    }

    [Fact]
    public void Every_figure_of_an_outcome_reaches_its_window()
    {
        var recorder = Recorder(scores: ["quality", "speed"]);
        recorder.Run(Arm.Canary, new()
        {
            Latency = TimeSpan.FromMilliseconds(800), FirstContent = TimeSpan.FromMilliseconds(120), Tokens = 350, Cost = 0.0021,
            SafetyViolations = 2, Scores = [new("quality", 0.8), new("unheard of", 3), default],
        });
        recorder.Run(Arm.Canary, new() { Class = OutcomeClass.Safety, Tokens = 50, Scores = [new("quality", -0.2)] });
        var canary = Assert.Single(recorder.Take(First + 1)).Canary;

        Assert.Equal((2, 2, 1, 3), (canary.Finished, canary.Counted, canary.Failed, canary.SafetyViolations));
        Assert.Equal((200, 0.0021), (canary.TokensPerRequest!.Value, canary.CostPerRequest!.Value));
        Assert.Equal((2, 1), (canary.TokenCount, canary.CostCount));
        var quality = canary.Score("quality")!.Value;
        Assert.Equal(2, quality.Count);
        Assert.Equal(0.3, quality.Mean, 1e-12);
        Assert.Equal(0.5, quality.Variance, 1e-12);
        Assert.Null(canary.Score("speed"));
        Assert.Equal(1, recorder.FirstContent(Arm.Canary).Count);
        Assert.Equal(0, recorder.FirstContent(Arm.Control).Count);
    }

    [Fact]
    public void Outside_is_a_total_and_nothing_else()
    {
        var recorder = Recorder();
        for (var i = 0; i < 5; i++) recorder.Run(Arm.Outside, Of(OutcomeClass.Safety), 9);
        Assert.Equal(5, recorder.Outside);
        Assert.Empty(recorder.Take(First + 1));
        Assert.Equal(0, recorder.Totals(Arm.Canary).Finished + recorder.Totals(Arm.Control).Finished);
        Assert.Throws<ArgumentOutOfRangeException>(() => recorder.Totals(Arm.Outside));
    }

    [Fact]
    public void The_totals_show_every_class_on_arrival()
    {
        var recorder = Recorder(deadline: 10);
        foreach (var outcomeClass in Enum.GetValues<OutcomeClass>()) recorder.Run(Arm.Control, Of(outcomeClass));
        recorder.Start(Arm.Control);
        var totals = recorder.Totals(Arm.Control);
        Assert.Equal((13, 4, 3, 1, 1), (totals.Finished, totals.Failed, totals.HardFailed, totals.SafetyViolations, totals.InFlight));
        Assert.All(Enum.GetValues<OutcomeClass>(), outcomeClass => Assert.Equal(1, totals[outcomeClass]));

        recorder.Take(First + 1);
        Assert.Single(recorder.Take(First + 50)); // the same figures once the tick is taken, but for what was given up
        Assert.Equal((13, 0), (recorder.Totals(Arm.Control).Finished, recorder.Totals(Arm.Control).InFlight));
    }

    [Fact]
    public void Latency_counts_what_error_rates_count()
    {
        var recorder = Recorder();
        foreach (var outcomeClass in Enum.GetValues<OutcomeClass>()) recorder.Run(Arm.Canary, Of(outcomeClass));
        var canary = Assert.Single(recorder.Take(First + 1)).Canary;
        Assert.Equal((8, 4), (canary.Counted, canary.Failed));
        Assert.Equal(8, recorder.Latency(Arm.Canary).Count);
    }

    [Fact]
    public void The_caller_is_told_at_once_when_failures_in_a_row_reach_the_limit()
    {
        var calls = 0;
        var recorder = Recorder(() => calls++, fastFailures: 3);
        foreach (var hard in new[] { OutcomeClass.ErrorUpstream, OutcomeClass.Timeout, OutcomeClass.Ok, OutcomeClass.StreamBroken, OutcomeClass.ErrorUpstream })
        {
            recorder.Run(Arm.Canary, Of(hard));
            recorder.Run(Arm.Control, Of(OutcomeClass.ErrorUpstream)); // control's failures are no concern of the fast rule
        }
        Assert.Equal((0, 2), (calls, recorder.CanaryFailuresInARow));
        recorder.Run(Arm.Canary, Of(OutcomeClass.Timeout));
        recorder.Run(Arm.Canary, Of(OutcomeClass.Timeout));
        Assert.Equal((1, 4), (calls, recorder.CanaryFailuresInARow));
        recorder.Run(Arm.Canary, Ok);
        Assert.Equal((1, 0), (calls, recorder.CanaryFailuresInARow));
    }

    [Fact]
    public void The_caller_is_told_of_every_safety_violation_of_the_canary_even_a_late_one()
    {
        var calls = 0;
        var recorder = Recorder(() => calls++, fastFailures: 0);
        recorder.Run(Arm.Canary, Of(OutcomeClass.Safety));
        recorder.Run(Arm.Canary, Ok with { SafetyViolations = 1 });
        recorder.Record(Arm.Canary, First - 5, 0, Of(OutcomeClass.Safety));
        recorder.Run(Arm.Control, Of(OutcomeClass.Safety));
        for (var i = 0; i < 20; i++) recorder.Run(Arm.Canary, Of(OutcomeClass.Timeout));
        Assert.Equal(3, calls);
    }

    [Fact]
    public void What_the_urgent_call_throws_never_reaches_the_one_who_records()
    {
        var recorder = Recorder(() => throw new InvalidOperationException("boom"), fastFailures: 1);
        recorder.Run(Arm.Canary, Of(OutcomeClass.Safety));
        Assert.Equal(1, recorder.Totals(Arm.Canary).SafetyViolations);
    }

    [Fact]
    public void Options_out_of_range_are_refused_with_the_value_and_the_rule()
    {
        Assert.Contains("longer than zero", Refused(new() { TickPeriod = TimeSpan.Zero }), StringComparison.Ordinal);
        Assert.Contains("1 to 100,000 ticks", Refused(new() { OutcomeDeadline = TimeSpan.FromMilliseconds(10) }), StringComparison.Ordinal);
        Assert.Contains("1 to 100,000 ticks", Refused(new() { OutcomeDeadline = TimeSpan.MaxValue }), StringComparison.Ordinal);
        Assert.Contains("At most 16", Refused(new() { ScoreNames = [.. Enumerable.Range(0, 17).Select(i => $"s{i}")] }), StringComparison.Ordinal);
        Assert.Contains("At most 16", Refused(new() { ScoreNames = default(ImmutableArray<string>) }), StringComparison.Ordinal);
        Assert.Contains("differ: a, a", Refused(new() { ScoreNames = ["a", "a"] }), StringComparison.Ordinal);
        Assert.Contains("0 (never) or more", Refused(new() { FastFailures = -1 }), StringComparison.Ordinal);
        Assert.Throws<ArgumentOutOfRangeException>(() => new OutcomeRecorder(new(), -1));

        static string Refused(RecorderOptions options) => Assert.ThrowsAny<ArgumentException>(() => new OutcomeRecorder(options, 0)).Message;
    }
}
