using AgentCanary.Spec;

namespace AgentCanary.Server.Health;

public sealed class HealthTargetTests
{
    private static readonly DateTimeOffset Noon = new(2026, 1, 15, 12, 0, 0, TimeSpan.Zero);

    private static HealthTarget Watched => new("agent", "v1", "http://127.0.0.1:1", new() { UnhealthyAfter = 3 });

    [Fact]
    public void A_version_is_unhealthy_from_its_third_failure_in_a_row_and_well_after_one_success()
    {
        var health = VersionHealth.Unknown;
        for (var i = 1; i <= 4; i++)
        {
            health = Watched.After(health, "down", Noon.AddSeconds(i));
            Assert.Equal((i, false, true, "down"), (health.FailedInARow, health.IsReady, health.IsProbed, health.LastFault));
            Assert.Equal(i >= 3 ? Noon.AddSeconds(3) : null, health.UnhealthySince);
        }

        health = Watched.After(health, null, Noon.AddSeconds(5));
        Assert.Equal(new VersionHealth(true, 0, null, "") { IsProbed = true }, health);
    }

    [Fact]
    public void A_version_that_was_ready_once_stays_so_and_shows_its_failures_beside()
    {
        var health = Watched.After(Watched.After(VersionHealth.Unknown, null, Noon), "down", Noon);
        Assert.Equal((true, 1), (health.IsReady, health.FailedInARow));
    }

    [Fact]
    public void A_version_without_terms_of_its_own_is_waited_for_and_never_unhealthy()
    {
        var target = Watched with { Spec = null };
        var health = VersionHealth.Unknown;
        for (var i = 0; i < 100; i++) health = target.After(health, "down", Noon);
        Assert.Equal((false, 100, null), (health.IsReady, health.FailedInARow, health.UnhealthySince));
        Assert.Equal(TimeSpan.FromSeconds(1), target.Interval);
    }

    [Fact]
    public void A_versions_own_probe_stands_before_the_rollouts_and_versions_without_an_address_are_not_probed()
    {
        var own = new HealthSpec { Path = "/own" };
        var spec = new RolloutSpec
        {
            Agent = "agent",
            Stable = new("v1"),
            Canary = new("v2") { Url = "http://a", Health = own },
            Stages = [new(Weight.Full)],
            Health = new() { Path = "/all" },
        };
        Assert.Equal([new HealthTarget("agent", "v2", "http://a", own)], HealthTarget.Of(spec));
    }
}
