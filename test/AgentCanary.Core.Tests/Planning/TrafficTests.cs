using AgentCanary.Planning;

namespace AgentCanary.Core.Tests.Planning;

public class TrafficTests
{
    [Theory]
    [InlineData("5/s", 5)]
    [InlineData("0.5 / s", 0.5)]
    [InlineData("300/min", 5)]
    [InlineData("36/h", 0.01)]
    [InlineData("25/day", 25 / 86_400.0)]
    public void A_rate_is_a_number_and_a_unit(string text, double perSecond)
    {
        Assert.True(Traffic.TryParseRate(text, out var read, out var fault), fault);
        Assert.Equal(perSecond, read, 1e-12);
    }

    [Theory]
    [InlineData("5", "'5' has no unit: write 5/s, /min, /h or /day")]
    [InlineData("5/fortnight", "'5/fortnight' has an unknown unit: write 5/s, /min, /h or /day")]
    [InlineData("0/s", "is not a rate: write a number above 0 and a unit, such as 5/s, 300/min or 25/day")]
    [InlineData("-1/s", "is not a rate")]
    [InlineData("NaN/s", "is not a rate")]
    [InlineData("many", "is not a rate")]
    [InlineData("", "is not a rate")]
    public void Anything_else_is_refused_with_what_would_be_right(string text, string expected)
    {
        Assert.False(Traffic.TryParseRate(text, out _, out var fault));
        Assert.Contains(expected, fault, StringComparison.Ordinal);
    }
}
