namespace AgentCanary.Core.Tests;

public sealed class WordsTests
{
    [Theory]
    [InlineData(0, "0 %"), InlineData(1, "100 %"), InlineData(0.5, "50 %"), InlineData(0.0512, "5.1 %"), InlineData(0.01, "1.0 %"), InlineData(0.00999, "1.0 %")]
    [InlineData(0.0951, "9.5 %"), InlineData(0.0999, "10 %"), InlineData(0.00123, "0.12 %"), InlineData(0.00002, "0.002 %"), InlineData(0.9994, "99.94 %"), InlineData(0.999999, "99.9999 %")]
    public void A_share_has_two_digits_and_is_never_rounded_to_all(double share, string told) => Assert.Equal(told, Words.Rate(share));

    [Theory]
    [InlineData(0.2, "1"), InlineData(43.4, "43"), InlineData(643, "645"), InlineData(1163, "1,150"), InlineData(12_345, "12,500"), InlineData(98_765_432, "99,000,000")]
    public void A_guess_has_as_many_digits_as_it_is_worth(double number, string told) => Assert.Equal(told, Words.About(number));

    [Theory]
    [InlineData(0.1, "1 s"), InlineData(50, "50 s"), InlineData(100, "2 min"), InlineData(1_280, "21 min"), InlineData(20_000, "5.6 h"), InlineData(500_000, "5.8 d"), InlineData(5_000_000, "58 d")]
    public void A_guessed_time_has_one_unit(double seconds, string told) => Assert.Equal(told, Words.About(TimeSpan.FromSeconds(seconds)));

    [Theory]
    [InlineData(0, "0"), InlineData(0.003478, "0.00348"), InlineData(0.0000123456, "0.0000123"), InlineData(1.5, "1.5"), InlineData(1234.5, "1,230")]
    public void An_amount_of_money_has_three_digits_however_small_it_is(double amount, string told) => Assert.Equal(told, Words.Amount(amount));

    [Theory]
    [InlineData(123.4, "120 req/s"), InlineData(0.5, "0.5 req/s"), InlineData(0.05, "3 req/min"), InlineData(0.001, "3.6 req/h"), InlineData(0.00001, "0.86 req/d")]
    public void A_pace_has_the_unit_that_gives_a_number_of_some_size(double perSecond, string told) => Assert.Equal(told, Words.Pace(perSecond));

    [Theory]
    [InlineData(1, "2.7 to 1"), InlineData(4.9, "135 to 1"), InlineData(14, "more than 1,000,000 to 1"), InlineData(800, "more than 1,000,000 to 1"), InlineData(double.PositiveInfinity, "more than 1,000,000 to 1")]
    public void Odds_are_told_up_to_a_million(double logE, string told) => Assert.Equal(told, Words.Odds(logE));

    [Theory]
    [InlineData(0.01, "1 point"), InlineData(0.02, "2 points"), InlineData(0.005, "0.5 points"), InlineData(0, "0 points")]
    public void Points_are_counted_rightly(double fraction, string told) => Assert.Equal(told, Words.Points(fraction));
}
