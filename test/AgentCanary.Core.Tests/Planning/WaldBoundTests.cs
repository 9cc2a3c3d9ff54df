using AgentCanary.Analysis.Sequential;
using AgentCanary.Planning;

namespace AgentCanary.Core.Tests.Planning;

public class WaldBoundTests
{
    [Theory]
    [InlineData(0.01, 0.02, 1257)]
    [InlineData(0.01, 0.05, 123)]
    [InlineData(0.01, 0.1, 36.4)]
    [InlineData(0.01, 0.5, 3.7)]
    [InlineData(0.05, 0.1, 238)]
    public void A_worse_canary_of_five_percent_cannot_be_found_in_fewer_requests(double stable, double canary, double expected) =>
        Assert.InRange(WaldBound.Requests(Line.Equal, canary, stable, 19, 0.01), expected * 0.985, expected * 1.015);

    [Theory]
    [InlineData(0.01, 0.05, 1, 90)]
    [InlineData(0.01, 0.005, 1, 3224)]
    [InlineData(0.01, 0.002, 1.5, 1847)]
    [InlineData(0.05, 0, 1.1, 12778)]
    public void An_equal_canary_cannot_be_shown_to_keep_a_margin_in_fewer_requests(double rate, double margin, double ratio, double expected) =>
        Assert.InRange(WaldBound.Requests(new(margin, ratio), rate, rate, 19, 0.05), expected * 0.985, expected * 1.015);

    [Fact]
    public void The_more_of_stable_is_seen_beside_each_canary_request_the_fewer_are_needed()
    {
        var bounds = new[] { 0.1, 1, 3, 19, 99, 1e6 }.Select(stable => WaldBound.Requests(new(0.001, 1.1), 0.05, 0.01, stable, 0.01)).ToArray();
        Assert.Equal(bounds.OrderDescending(), bounds);
    }

    [Fact]
    public void Rates_on_the_line_are_never_told_from_it() =>
        Assert.True(WaldBound.Requests(Line.Equal, 0.01, 0.01, 19, 0.01) > 1e12);
}
