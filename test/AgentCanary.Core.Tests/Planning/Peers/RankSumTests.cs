using AgentCanary.Planning.Peers;

namespace AgentCanary.Core.Tests.Planning.Peers;

public class RankSumTests
{
    // The example of R's wilcox.test: permeability of the human chorioamnion (Hollander and Wolfe 1973, page 69), W = 35.
    private static readonly double[] AtTerm = Sorted(0.80, 0.83, 1.89, 1.04, 1.45, 1.38, 1.91, 1.64, 0.73, 1.46);
    private static readonly double[] Before = Sorted(1.15, 0.88, 0.90, 0.74, 1.21);

    [Fact]
    public void The_statistic_is_the_standardised_rank_sum() => Assert.Equal((35 - 25 - 0.5) / Math.Sqrt(10 * 5 * 16 / 12.0), RankSum.Statistic(AtTerm, Before, 0), 12);

    [Fact]
    public void Ties_share_their_ranks_and_lessen_the_variance()
    {
        // Ranks 1.5, 1.5, 4, 4, 4, 6: x has 1.5 + 4 + 6.
        var expected = (11.5 - 6 - 4.5 - 0.5) / Math.Sqrt(9 / 12.0 * (7 - (((2 * 2 * 2) - 2 + (3 * 3 * 3) - 3) / 30.0)));
        Assert.Equal(expected, RankSum.Statistic(Sorted(1, 2, 3), Sorted(1, 2, 2), 0), 12);
    }

    [Fact]
    public void The_shift_of_two_samples_far_apart_is_the_median_of_all_differences()
    {
        var (low, high, estimate) = RankSum.Shift([10, 20, 30, 40], [1, 2, 3, 4], 0.95)!.Value;
        Assert.Equal((6, 39, 22.5), (Math.Round(low, 3), Math.Round(high, 3), Math.Round(estimate, 1)));
    }

    [Fact]
    public void There_is_no_shift_where_all_values_are_tied() => Assert.Null(RankSum.Shift([1, 1], [1, 1, 1], 0.95));

    [Fact]
    public void A_root_is_found_as_exactly_as_it_is_asked_for()
    {
        Assert.InRange(Root.Find(x => (x * x) - 2, 0, 5, -2, 23, 1e-4), Math.Sqrt(2) - 1e-4, Math.Sqrt(2) + 1e-4);
        Assert.Equal(Math.Sqrt(2), Root.Find(x => (x * x) - 2, 0, 5, -2, 23, 1e-13), 12);
        Assert.Equal(5, Root.Find(x => x - 5, 0, 5, -5, 0, 1e-4));
    }

    private static double[] Sorted(params double[] values) => [.. values.Order()];
}
