using AgentCanary.Routing;
using FsCheck;
using FsCheck.Fluent;

namespace AgentCanary.Core.Tests.Routing;

/// <summary>The laws of the split, for both hashes.</summary>
public sealed class RoutingLawTests
{
    private const int Many = 1_000_000;

    private static readonly StickyHashKind[] Hashes = [StickyHashKind.Xxh64, StickyHashKind.Md5];

    [Theory, InlineData(1), InlineData(100), InlineData(2500), InlineData(9999)]
    public void R2_the_share_of_the_key_space_is_the_weight_and_never_more(int basisPoints)
    {
        // The first bucket beyond the share, found by halving: everything below is the canary's, nothing above.
        var (low, high) = (0L, 1L << 32);
        while (low < high)
        {
            var middle = (low + high) / 2;
            if (StickyHash.IsCanary((uint)middle, new(basisPoints))) low = middle + 1; else high = middle;
        }
        Assert.Equal((long)Math.Ceiling(basisPoints * (double)(1L << 32) / Weight.Scale), low);
    }

    [Fact]
    public void R3_raising_the_weight_never_takes_a_user_off_the_canary() =>
        Prop.ForAll(AnyKey.Strings, AnyKey.Weights, AnyKey.Weights, (key, one, other) => Hashes.All(hash =>
        {
            var (low, high) = one < other ? (one, other) : (other, one);
            return !IsCanary(key, low, 1, hash) || IsCanary(key, high, 1, hash);
        })).QuickCheckThrowOnFailure();

    [Fact]
    public void R4_the_same_key_and_plan_give_the_same_assignment() =>
        Prop.ForAll(AnyKey.Strings, AnyKey.Weights, AnyKey.Salts, (key, weight, salt) => Hashes.All(hash =>
            Router.Route(SomePlan.Split(weight, salt, hash), key)
                == Router.Route(SomePlan.Split(weight, salt, hash), new string(key.AsSpan())))).QuickCheckThrowOnFailure();

    [Theory, InlineData(500, 500), InlineData(2500, 1000), InlineData(5000, 5000)]
    public void R5_two_rollouts_choose_their_users_independently(int first, int second)
    {
        var one = SomePlan.Split(new(first), StickyHash.Salt("support-agent", "v2", 1));
        var other = SomePlan.Split(new(second), StickyHash.Salt("support-agent", "v2", 2));
        var both = 0;
        for (var user = 0; user < Many; user++)
            if (Router.Route(one, $"user-{user}").Variant is Variant.Canary && Router.Route(other, $"user-{user}").Variant is Variant.Canary)
                both++;
        var expected = first / (double)Weight.Scale * (second / (double)Weight.Scale);
        var sigma = Math.Sqrt(Many * expected * (1 - expected));
        Assert.InRange(both, (Many * expected) - (4 * sigma), (Many * expected) + (4 * sigma));
    }

    [Theory, MemberData(nameof(KeyFamilies))]
    public void R6_buckets_are_uniform_for_every_family_of_keys(string family, int count, StickyHashKind hash)
    {
        const int Cells = 100;
        var cells = new int[Cells];
        for (var i = 0; i < count; i++)
        {
            var key = KeyOf(family, i);
            var bucket = hash is StickyHashKind.Md5 ? StickyHash.Md5Bucket(key) : (uint)(StickyHash.Hash(key, 0xcc6bc11e13dbf951) >> 32);
            cells[(int)((ulong)bucket * Cells >> 32)]++;
        }
        var expected = count / (double)Cells;
        var chiSquare = cells.Sum(cell => (cell - expected) * (cell - expected) / expected);
        // The 0.9999 quantile of chi-square with 99 degrees of freedom.
        Assert.True(chiSquare < 161.3, $"chi-square is {chiSquare:F1} for '{family}' keys");
    }

    [Fact]
    public void R6_one_letter_keys_are_uniform_over_many_salts()
    {
        var cells = new int[16];
        for (var salt = 0UL; salt < 400; salt++)
            for (var letter = 0; letter < 128; letter++)
                cells[StickyHash.Hash(((char)letter).ToString(), salt) >> 60]++;
        var expected = 400 * 128 / 16.0;
        // The 0.9999 quantile of chi-square with 15 degrees of freedom.
        Assert.True(cells.Sum(cell => (cell - expected) * (cell - expected) / expected) < 44.3);
    }

    [Fact]
    public void R7_nobody_is_on_the_canary_at_0_per_cent_and_everybody_at_100() =>
        Prop.ForAll(AnyKey.Strings, AnyKey.Salts, (key, salt) => Hashes.All(hash =>
            !IsCanary(key, Weight.None, salt, hash) && IsCanary(key, Weight.Full, salt, hash))).QuickCheckThrowOnFailure();

    [Theory, InlineData(0u), InlineData(1u), InlineData(0x7fffffffu), InlineData(0xfffffffeu), InlineData(0xffffffffu)]
    public void R7_the_ends_of_the_key_space_do_not_leak(uint bucket)
    {
        Assert.False(StickyHash.IsCanary(bucket, Weight.None));
        Assert.True(StickyHash.IsCanary(bucket, Weight.Full));
        Assert.Equal(bucket <= 429_496, StickyHash.IsCanary(bucket, new(1)));
        Assert.Equal(bucket <= 4_294_537_799, StickyHash.IsCanary(bucket, new(9_999)));
    }

    [Fact]
    public void R8_routing_throws_for_no_string_and_names_no_fault() =>
        Prop.ForAll(AnyKey.Strings, AnyKey.Weights, (key, weight) => Hashes.All(hash =>
            Router.Route(SomePlan.Split(weight, 1, hash), key).Reason is AssignmentReason.Split)).QuickCheckThrowOnFailure();

    public static TheoryData<string, int, StickyHashKind> KeyFamilies()
    {
        var families = new TheoryData<string, int, StickyHashKind>();
        foreach (var hash in Hashes)
            foreach (var family in new[] { "uuid", "integer", "e-mail", "chinese", "conversation" }) families.Add(family, 100_000, hash);
        return families;
    }

    private static bool IsCanary(string key, Weight weight, ulong salt, StickyHashKind hash) =>
        Router.Route(SomePlan.Split(weight, salt, hash), key).Variant is Variant.Canary;

    private static string KeyOf(string family, int i) => family switch
    {
        "uuid" => new Guid(i, (short)(i * 31), (short)(i >> 3), 8, 9, 10, 11, 12, 13, 14, (byte)i).ToString(),
        "integer" => $"{i}",
        "e-mail" => $"user.{i}@example.com",
        "chinese" => $"用户{(char)(0x4e00 + (i % 20_000))}{i / 20_000}",
        "conversation" => $"conv_{i:x32}-{i:x32}",
        _ => throw new ArgumentOutOfRangeException(nameof(family), family, "There is no such family."),
    };
}
