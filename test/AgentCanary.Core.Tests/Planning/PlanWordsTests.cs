using AgentCanary.Planning;

namespace AgentCanary.Core.Tests.Planning;

public class PlanWordsTests
{
    [Theory]
    [InlineData(0, "0 s")]
    [InlineData(90, "1.5 min")]
    [InlineData(86_400 * 99.94, "99.9 d")]
    [InlineData(86_400 * 512.0, "510 d")]
    [InlineData(86_400 * 3650.0, "10 years")]
    [InlineData(1e30, "over 1,000 years")]
    [InlineData(double.PositiveInfinity, "never")]
    public void A_time_has_no_more_digits_than_it_deserves(double seconds, string expected) => Assert.Equal(expected, PlanWords.Time(seconds));

    [Theory]
    [InlineData(0, "0")]
    [InlineData(97.4, "97")]
    [InlineData(275, "280")]
    [InlineData(69_613, "70,000")]
    [InlineData(double.PositiveInfinity, "never")]
    public void A_number_of_requests_has_two_digits(double count, string expected) => Assert.Equal(expected, PlanWords.Count(count));

    [Theory]
    [InlineData(0.0582, "5.8 %")]
    [InlineData(0.1391, "14 %")]
    [InlineData(0.00000123, "0.00012 %")]
    [InlineData(1, "100 %")]
    [InlineData(0, "0 %")]
    public void A_rough_share_has_two_digits(double share, string expected) => Assert.Equal(expected, PlanWords.Roughly(share));
}
