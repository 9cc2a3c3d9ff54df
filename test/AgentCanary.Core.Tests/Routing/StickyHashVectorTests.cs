using System.Globalization;
using AgentCanary.Routing;

namespace AgentCanary.Core.Tests.Routing;

public sealed class StickyHashVectorTests
{
    private static readonly StickyHashVectors Vectors = StickyHashVectors.Read();

    [Fact]
    public void Every_salt_of_the_vectors_is_reached()
    {
        Assert.NotEmpty(Vectors.Salts);
        foreach (var vector in Vectors.Salts)
            Assert.Equal(StickyHashVectors.Number(vector.Salt), StickyHash.Salt(vector.Name, vector.Canary, vector.Attempt));
    }

    [Fact]
    public void A_pepper_is_the_seed_of_the_salt() =>
        Assert.Equal(StickyHash.Hash("billing\n2026-11-01\n1", salt: 99), StickyHash.Salt("billing", "2026-11-01", 1, pepper: 99));

    [Fact]
    public void Every_xxh64_hash_and_bucket_of_the_vectors_is_reached()
    {
        Assert.NotEmpty(Vectors.Xxh64);
        foreach (var vector in Vectors.Xxh64)
        {
            var salt = StickyHashVectors.Number(vector.Salt!);
            Assert.Equal(StickyHashVectors.Number(vector.Hash!), StickyHash.Hash(vector.Key, salt));
            AssertRouted(vector, salt, StickyHashKind.Xxh64);
        }
    }

    [Fact]
    public void Every_md5_bucket_of_the_vectors_is_reached()
    {
        Assert.NotEmpty(Vectors.Md5);
        foreach (var vector in Vectors.Md5)
        {
            Assert.Equal(vector.Bucket, StickyHash.Md5Bucket(vector.Key));
            AssertRouted(vector, salt: 7, StickyHashKind.Md5);
        }
    }

    [Theory, InlineData(0), InlineData(100), InlineData(500), InlineData(2500), InlineData(5000), InlineData(10000)]
    public void Ten_thousand_users_split_exactly_as_published(int basisPoints)
    {
        var salt = StickyHash.Salt("support-agent", "v1.1.0", attempt: 1);
        Assert.Equal(Vectors.Count("xxh64_support-agent_v1.1.0_1", basisPoints), CanaryUsers(SomePlan.Split(new(basisPoints), salt)));
        Assert.Equal(Vectors.Count("md5", basisPoints), CanaryUsers(SomePlan.Split(new(basisPoints), salt, StickyHashKind.Md5)));
    }

    private static void AssertRouted(StickyHashVectors.KeyVector vector, ulong salt, StickyHashKind hash)
    {
        Assert.NotEmpty(vector.CanaryAtBp);
        foreach (var (basisPoints, isCanary) in vector.CanaryAtBp)
        {
            var weight = new Weight(int.Parse(basisPoints, CultureInfo.InvariantCulture));
            Assert.Equal(isCanary, StickyHash.IsCanary(vector.Bucket, weight));
            Assert.Equal(isCanary, Router.Route(SomePlan.Split(weight, salt, hash), vector.Key).Variant is Variant.Canary);
        }
    }

    private static int CanaryUsers(RoutePlan plan) =>
        Enumerable.Range(0, 10_000).Count(user => Router.Route(plan, $"user-{user}").Variant is Variant.Canary);
}
