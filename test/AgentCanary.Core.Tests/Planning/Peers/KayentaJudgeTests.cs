using AgentCanary.Planning.Peers;

namespace AgentCanary.Core.Tests.Planning.Peers;

public class KayentaJudgeTests
{
    private static readonly double[] Low = [0.00, 0.01, 0.02, 0.01, 0.02, 0.00, 0.01, 0.02, 0.01, 0.00];

    [Fact]
    public void A_clear_increase_does_not_pass() => Assert.False(KayentaJudge.Passes([.. Low.Select(value => value + 0.1)], Low));

    [Fact]
    public void A_decrease_passes() => Assert.True(KayentaJudge.Passes(Low, [.. Low.Select(value => value + 0.1)]));

    [Fact]
    public void Equal_values_pass_in_whatever_order() => Assert.True(KayentaJudge.Passes([.. Low.Reverse()], Low));

    [Fact]
    public void One_value_everywhere_passes() => Assert.True(KayentaJudge.Passes([0.02, 0.02, 0.02], [0.02, 0.02]));

    [Fact]
    public void Two_constants_are_told_apart()
    {
        Assert.False(KayentaJudge.Passes([.. Enumerable.Repeat(0.2, 20)], [.. Enumerable.Repeat(0.1, 20)]));
        Assert.True(KayentaJudge.Passes([.. Enumerable.Repeat(0.1, 20)], [.. Enumerable.Repeat(0.2, 20)]));
    }

    [Fact]
    public void No_data_on_one_side_does_not_pass()
    {
        Assert.False(KayentaJudge.Passes([], Low));
        Assert.False(KayentaJudge.Passes(Low, []));
    }
}
