using System.Buffers.Binary;
using System.Collections.Immutable;
using System.Security.Cryptography;
using System.Text;
using AgentCanary.Control;

namespace AgentCanary.Tests;

/// <summary>What the Python library agent-canary does when it routes, and what it gets wrong there.</summary>
public sealed class SeedParityRoutingTests
{
    private static readonly ImmutableArray<string> Keys =
        [.. Enumerable.Range(0, 5_000).Select(user => $"user-{user}"), "", "ü", "用户-42", "👩‍🚀", new string('k', 56), new string('k', 1_000)];

    private readonly ManualTimeProvider _time = new();

    [Theory]
    [InlineData(0)]
    [InlineData(100)]
    [InlineData(500)]
    [InlineData(2_500)]
    [InlineData(5_000)]
    [InlineData(9_999)]
    [InlineData(10_000)]
    public void With_md5_every_key_is_served_by_the_version_that_the_python_library_would_choose(int basisPoints)
    {
        var canary = At(new Weight(basisPoints), StickyHashKind.Md5);

        Assert.All(Keys, key => Assert.Equal(PythonBucket(key) < basisPoints / (double)Weight.Scale ? "v2" : "v1", canary.Route(key)));
    }

    [Fact]
    public void The_empty_string_is_a_key_with_the_place_that_the_python_library_gives_it()
    {
        Assert.Equal("v1", At(new Weight(8_285), StickyHashKind.Md5).Route(""));
        Assert.Equal("v2", At(new Weight(8_286), StickyHashKind.Md5).Route(""));
    }

    [Theory]
    [InlineData(StickyHashKind.Xxh64)]
    [InlineData(StickyHashKind.Md5)]
    public void Zero_per_cent_is_nobody_and_hundred_per_cent_is_everybody(StickyHashKind hash)
    {
        Assert.All(Keys, key => Assert.Equal("v1", At(Weight.None, hash).Route(key)));
        Assert.All(Keys, key => Assert.Equal("v2", At(Weight.Full, hash).Route(key)));
    }

    [Fact]
    public void Without_a_key_a_random_draw_decides_with_the_share_of_the_weight()
    {
        const int Calls = 20_000;
        var canary = At(Weight.FromPercent(25), StickyHashKind.Xxh64);

        var served = Enumerable.Range(0, Calls).Count(_ => canary.Route(null) == "v2");

        // The draw is random: eight sigma is wrong once in 10^15 runs.
        Assert.InRange(served, (Calls / 4.0) - (8 * Math.Sqrt(Calls * 0.25 * 0.75)), (Calls / 4.0) + (8 * Math.Sqrt(Calls * 0.25 * 0.75)));
        Assert.Equal(AssignmentReason.Unkeyed, canary.Assign(null).Reason);
    }

    [Theory]
    [InlineData(StickyHashKind.Xxh64)]
    [InlineData(StickyHashKind.Md5)]
    public void A_promotion_takes_nobody_off_the_canary(StickyHashKind hash)
    {
        var canary = new CanaryDeployment("v1", "v2", StagePlan.Standard, Options(hash));
        var before = new List<string>();
        for (var stage = 0; stage < 5; stage++)
        {
            Assert.All(before, key => Assert.Equal("v2", canary.Route(key)));
            before = [.. Keys.Where(key => canary.Route(key) == "v2")];
            canary.Command(new RolloutCommand.Promote());
        }
        Assert.Equal(Keys.Length, before.Count);
    }

    [Fact]
    public void The_next_rollout_does_not_try_the_same_users_first_as_it_does_without_a_salt()
    {
        var first = At(Weight.FromPercent(5), StickyHashKind.Xxh64);
        var next = new CanaryDeployment("v2", "v3", Plan(Weight.FromPercent(5)), Options(StickyHashKind.Xxh64));

        var inBoth = Keys.Count(key => first.Route(key) == "v2" && next.Route(key) == "v3");

        // Drawn independently, one in 400 is in both; with the same users it would be one in 20.
        Assert.InRange(inBoth, 0, Keys.Length / 100);
    }

    [Theory]
    [InlineData(-0.01)]
    [InlineData(1.01)]
    [InlineData(double.NaN)]
    [InlineData(double.PositiveInfinity)]
    public void A_share_outside_zero_to_one_is_refused(double fraction) =>
        Assert.Throws<ArgumentOutOfRangeException>(() => Weight.FromFraction(fraction));

    private static double PythonBucket(string key) =>
        BinaryPrimitives.ReadUInt32BigEndian(MD5.HashData(Encoding.UTF8.GetBytes(key))) / 4_294_967_296.0;

    private static StagePlan Plan(Weight weight) => new(new Stage(weight), new Stage(Weight.Full));

    private CanaryDeployment At(Weight weight, StickyHashKind hash) => new("v1", "v2", Plan(weight), Options(hash));

    private CanaryDeploymentOptions Options(StickyHashKind hash) => new() { TimeProvider = _time, StickyHash = hash, Pepper = 0 };
}
