using AgentCanary.Server.Reports;
using FsCheck;
using FsCheck.Fluent;

namespace AgentCanary.Server.Tests.Reports;

public sealed class SeenReportsTests
{
    [Fact]
    public void While_it_is_not_full_it_remembers_what_a_set_does() => Prop.ForAll(
        ArbMap.Default.ArbFor<ulong[]>(), hashes =>
        {
            // Twice, and close together, so that places collide.
            var (seen, set) = (new SeenReports(), new HashSet<ulong> { 0 });
            seen.Add(1);
            set.Add(1);
            return hashes.Concat(hashes).Concat(hashes.Select(hash => hash % 64)).All(hash => seen.Add(hash) == set.Add(hash == 0 ? 1 : hash));
        }).QuickCheckThrowOnFailure();

    [Fact]
    public void A_full_memory_forgets_the_oldest_and_keeps_as_many_as_it_promises()
    {
        const int most = 5_000;
        var seen = new SeenReports(most);
        for (var i = 1UL; i <= 4 * most; i++)
        {
            Assert.True(seen.Add(i * 0x9E3779B97F4A7C15));
            if (i % 500 == 0) Assert.InRange(seen.Count, 1, 2 * most);
            if (i > most) Assert.False(seen.Add((i - most + 1) * 0x9E3779B97F4A7C15));
        }
        Assert.True(seen.Add(1 * 0x9E3779B97F4A7C15));
    }
}
