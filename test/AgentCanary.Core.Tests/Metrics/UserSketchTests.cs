using AgentCanary.Metrics;

namespace AgentCanary.Core.Tests.Metrics;

public sealed class UserSketchTests
{
    [Theory, InlineData(1), InlineData(10), InlineData(20), InlineData(50), InlineData(100), InlineData(300), InlineData(1_000)]
    public void Up_to_a_thousand_users_are_told_within_three_per_cent(int users)
    {
        var errors = Enumerable.Range(0, 40).Select(seed => Math.Abs(Draw(seed, users).Count - users) / (double)users).ToList();
        Assert.InRange(errors.Average(), 0, 0.015);
        Assert.InRange(errors.Order().ElementAt(37), 0, 0.03 + (0.5 / users)); // 95 of 100
    }

    [Theory, InlineData(10_000), InlineData(20_000), InlineData(200_000)]
    public void Many_users_are_told_within_the_standard_error_of_the_sketch(int users)
    {
        var errors = Enumerable.Range(0, 20).Select(seed => (Draw(seed, users).Count / (double)users) - 1).ToList();
        Assert.InRange(errors.Average(), -0.012, 0.012); // no bias: 3 sigma of a mean of 20
        Assert.InRange(errors.Max(Math.Abs), 0, 0.06);
    }

    [Fact]
    public void Users_of_a_small_canary_are_told_as_well_though_their_hashes_begin_alike()
    {
        // The canary at 1 % gets the hashes below a hundredth of the key space.
        var random = new Random(7);
        var sketch = UserSketch.Of(Enumerable.Range(0, 500).Select(_ => (ulong)(random.NextInt64() / 100)));
        Assert.InRange(sketch.Count, 480, 520);
    }

    [Fact]
    public void A_request_without_a_key_is_nobody_and_a_user_seen_twice_is_one()
    {
        Assert.Equal(UserSketch.Empty, UserSketch.Of(0, 0, 0));
        Assert.Equal(0, UserSketch.Empty.Count);
        Assert.Equal(UserSketch.Of(5), UserSketch.Of(5, 5, 0, 5));
        Assert.Equal(1, UserSketch.Of(5).Count);
    }

    [Fact]
    public void A_full_sketch_still_has_a_finite_count() =>
        Assert.InRange(new UserSketch([.. Enumerable.Repeat((byte)UserSketch.MaxRank, UserSketch.RegisterCount)]).Count, 0, long.MaxValue);

    private static UserSketch Draw(int seed, int users)
    {
        var random = new Random(seed);
        return UserSketch.Of(Enumerable.Range(0, users).Select(_ => (ulong)random.NextInt64(1, long.MaxValue)));
    }
}
