using AgentCanary.Metrics;
using FsCheck;
using FsCheck.Fluent;
using static AgentCanary.Core.Tests.Metrics.Calls;

namespace AgentCanary.Core.Tests.Metrics;

public sealed class BinsTests
{
    private static readonly Config Runs = Config.QuickThrowOnFailure.WithMaxTest(300);

    private static Gen<Bins> SomeBins => from cuts in Gen.ListOf(Gen.Choose(0, 12)) select Bins.Of(cuts.Select(cut => (long)cut));

    private static Gen<BinCounts> SomeCounts => from bins in SomeBins from values in Gen.ListOf(Gen.Choose(-2, 14)) select Counted(bins, values);

    [Fact]
    public void A_value_lies_in_the_bin_of_as_many_cuts_as_it_reaches() => Prop.ForAll(
        SomeBins.ToArbitrary(), Gen.Choose(-2, 14).ToArbitrary(), (bins, value) => bins.Find(value) == bins.Cuts.ToArray().Count(cut => cut <= value)).Check(Runs);

    [Fact]
    public void Counts_by_fewer_cuts_are_what_counting_by_them_gives() => Prop.ForAll(
        Gen.ListOf(Gen.Choose(-2, 14)).ToArbitrary(), SomeBins.Two().ToArbitrary(), (values, two) =>
        {
            var common = two.Item1.Common(two.Item2);
            return Counted(two.Item1, values).Over(common.Cuts).Equals(Counted(common, values).Counts)
                && Counted(two.Item1, values).Plus(Counted(two.Item2, values)).Equals(Counted(common, values.Concat(values)));
        }).Check(Runs);

    [Fact]
    public void Sums_of_counts_by_different_bins_are_the_same_in_every_order_and_grouping() => Prop.ForAll(
        SomeCounts.Three().ToArbitrary(), three =>
        {
            var (a, b, c) = (three.Item1, three.Item2, three.Item3);
            return a.Plus(b).Plus(c).Equals(a.Plus(b.Plus(c))) && a.Plus(b).Equals(b.Plus(a));
        }).Check(Runs);

    [Fact]
    public void A_cut_that_comes_twice_leaves_nothing_between() =>
        Assert.Equal([2L, 0, 1], Counted(Bins.Of([5L]), [1, 4, 5]).Over([5, 5]).Counts.AsEnumerable());

    [Fact]
    public void The_ladder_grows_with_its_values_and_a_step_is_an_eighth_of_an_octave()
    {
        var cuts = Quantity.Ladder(Quantity.Latency).Cuts.ToArray();
        Assert.Equal((640, 640L << 24), (cuts[0], cuts[^1]));
        Assert.All(cuts.Zip(cuts.Skip(1)), pair => Assert.InRange(pair.Second / (double)pair.First, 1.06, 1.1251));
    }

    [Fact]
    public void Failures_and_requests_that_never_end_are_slower_than_all_and_what_does_not_count_is_nowhere()
    {
        var recorder = new OutcomeRecorder(new() { OutcomeDeadline = TimeSpan.FromSeconds(10), Bins = Plan(TimeSpan.TicksPerSecond) }, First);
        foreach (var outcomeClass in Enum.GetValues<OutcomeClass>()) recorder.Run(Arm.Canary, Of(outcomeClass));
        recorder.Start(Arm.Canary);
        recorder.Take(First + 1);
        Assert.Equal([4L, 4 + 1], Assert.Single(recorder.Take(First + 50)).CanaryBins[Quantity.Latency]!.Counts.Counts.AsEnumerable());
    }

    [Fact]
    public void New_bins_are_those_of_later_ticks_and_of_both_arms_at_once()
    {
        var recorder = new OutcomeRecorder(new() { Bins = Plan(1) }, First);
        recorder.Run(Arm.Control, Ok);
        recorder.Use(Plan(TimeSpan.TicksPerSecond));
        recorder.Run(Arm.Canary, Ok);
        var first = Assert.Single(recorder.Take(First + 1));
        recorder.Run(Arm.Canary, Ok);
        var second = Assert.Single(recorder.Take(First + 2));

        Assert.Equal([1], first.CanaryBins[Quantity.Latency]!.Bins.Cuts.ToArray());
        Assert.Equal([1], first.ControlBins[Quantity.Latency]!.Bins.Cuts.ToArray());
        Assert.Equal([TimeSpan.TicksPerSecond], second.CanaryBins[Quantity.Latency]!.Bins.Cuts.ToArray());
        Assert.Equal(1, second.CanaryBins[Quantity.Latency]!.Counts.Total);
    }

    private static BinPlan Plan(long cut) => new([(Quantity.Latency, Bins.Of([cut]), Bins.Of([cut]))]);

    private static BinCounts Counted(Bins bins, IEnumerable<int> values)
    {
        var cells = new long[bins.Count];
        foreach (var value in values) cells[bins.Find(value)]++;
        return new(bins, BucketCounts.Of(cells));
    }
}
