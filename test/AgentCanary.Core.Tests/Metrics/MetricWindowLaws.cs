using AgentCanary.Metrics;
using FsCheck;
using FsCheck.Fluent;

namespace AgentCanary.Core.Tests.Metrics;

public sealed class MetricWindowLaws
{
    private static readonly Config Runs = Config.QuickThrowOnFailure.WithMaxTest(300);

    private static readonly string[] Names = ["quality", "speed", "task_completion"];

    private static Gen<Score> Scores => from name in Gen.Elements(Names) from value in Gen.Choose(-10_000, 1_000_000) select new Score(name, value / 100_000.0);

    private static Gen<Outcome> Outcomes =>
        from outcomeClass in Gen.Elements(Enum.GetValues<OutcomeClass>())
        from micros in Gen.Frequency((4, Gen.Choose(0, 5_000_000)), (1, Gen.Choose(0, int.MaxValue)))
        from first in Gen.Choose(-1, 1_000_000)
        from tokens in Gen.Choose(-1, 4_000)
        from cost in Gen.Choose(-1, 1_000_000)
        from model in Gen.Elements(null, "gpt-x")
        from violations in Gen.Frequency((9, Gen.Constant(0)), (1, Gen.Choose(1, 3)))
        from scores in Gen.ListOf(Scores)
        select new Outcome
        {
            Class = outcomeClass, Latency = TimeSpan.FromMicroseconds(micros), FirstContent = first < 0 ? null : TimeSpan.FromMicroseconds(first),
            Tokens = tokens < 0 ? null : tokens, Cost = cost < 0 ? null : cost / 3e7, Model = model, SafetyViolations = violations, Scores = [.. scores],
        };

    private static Gen<MetricWindow> Windows =>
        from outcomes in Gen.ListOf(Outcomes)
        from missing in Gen.Choose(0, 2)
        from attached in ArbMap.Default.GeneratorFor<bool>()
        select Made([.. outcomes], missing, attached);

    [Fact]
    public void Merging_is_commutative_to_the_bit() =>
        Prop.ForAll(Windows.Two().ToArbitrary(), pair => Same(pair.Item1.Merge(pair.Item2), pair.Item2.Merge(pair.Item1))).Check(Runs);

    [Fact]
    public void Merging_is_associative_to_the_bit() => Prop.ForAll(
        Windows.Three().ToArbitrary(), three => Same(three.Item1.Merge(three.Item2).Merge(three.Item3), three.Item1.Merge(three.Item2.Merge(three.Item3)))).Check(Runs);

    [Fact]
    public void Merging_with_an_empty_window_changes_nothing() => Prop.ForAll(
        Windows.ToArbitrary(), window => Same(window.Merge(MetricWindow.Empty), window) && Same(MetricWindow.Empty.Merge(window), window)
            && Same(new MetricWindow().Merge(window), window)).Check(Runs);

    [Fact]
    public void Merged_figures_are_those_of_all_outcomes_together() => Prop.ForAll(
        Gen.ListOf(Outcomes).Two().ToArbitrary(), two => Same(
            Made([.. two.Item1], 1, true).Merge(Made([.. two.Item2], 2, true)), Made([.. two.Item1, .. two.Item2], 3, true))).Check(Runs);

    [Fact]
    public void What_was_written_is_read_back() => Prop.ForAll(Windows.ToArbitrary(), window =>
    {
        var read = MetricWindow.Read(window.ToBytes());
        return Same(read, window) && read.Equals(window) && read.GetHashCode() == window.GetHashCode() && read.ErrorRate == window.ErrorRate && read.Users?.Count == window.Users?.Count;
    }).Check(Runs);

    [Fact]
    public void Rates_stay_between_none_and_all_and_are_absent_without_data() => Prop.ForAll(Windows.ToArbitrary(), window =>
    {
        double?[] rates = [window.ErrorRate, window.SuccessRate, window.RefusalRate, window.TruncationRate, window.ToolErrorRate, window.StreamBreakRate];
        return rates.All(rate => window.Counted == 0 ? rate is null : rate is >= 0 and <= 1)
            && (window.Finished == 0 ? window.RateLimitedRate is null : window.RateLimitedRate is >= 0 and <= 1)
            && (window.ErrorRate is null || Math.Abs(window.ErrorRate.Value + window.SuccessRate!.Value - 1) < 1e-12);
    }).Check(Runs);

    [Fact]
    public void Joining_sketches_is_the_sketch_of_all_keys() => Prop.ForAll(
        ArbMap.Default.ArbFor<(ulong[] Left, ulong[] Right)>(), keys =>
        {
            var (left, right) = (UserSketch.Of(keys.Left ?? []), UserSketch.Of(keys.Right ?? []));
            return left.Merge(right).Equals(UserSketch.Of([.. keys.Left ?? [], .. keys.Right ?? []])) && left.Merge(right).Equals(right.Merge(left)) && left.Merge(left).Equals(left);
        }).Check(Runs);

    private static bool Same(MetricWindow left, MetricWindow right) => left.ToBytes().AsSpan().SequenceEqual(right.ToBytes());

    private static MetricWindow Made(Outcome[] outcomes, int missing, bool attached)
    {
        var recorder = Calls.Recorder(scores: Names);
        for (var i = 0; i < missing; i++) recorder.Start(Arm.Canary);
        for (var i = 0; i < outcomes.Length; i++) recorder.Run(Arm.Canary, outcomes[i], (ulong)outcomes[i].Latency!.Value.Ticks);
        TickTally[] taken = [.. recorder.Take(Calls.First + 1), .. recorder.Take(Calls.First + 20)];
        var window = taken is [var tally] ? tally.Canary : MetricWindow.Empty;
        Assert.Equal((outcomes.Length + missing, missing), (window.Finished, window.Missing));
        return attached ? window.With(recorder.Latency(Arm.Canary), recorder.FirstContent(Arm.Canary), recorder.Users(Arm.Canary)) : window;
    }
}
