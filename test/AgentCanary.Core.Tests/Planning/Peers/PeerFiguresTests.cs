using AgentCanary.Core.Tests.Planning.Simulation;
using AgentCanary.Planning.Peers;
using AgentCanary.Planning.Simulation;
using AgentCanary.Spec;

namespace AgentCanary.Core.Tests.Planning.Peers;

/// <summary>The peers' rules give the figures of the reference simulation, within the error of so few runs: a canary of 5 % for as long as it takes, and whole rollouts.</summary>
public class PeerFiguresTests
{
    // 5 % for as long as it takes; Flagger goes on with every good check, so it gets many such stages.
    private static readonly RolloutSpec FivePercent = SomeWorld.Rollout((5, TimeSpan.FromHours(1000), 50));
    private static readonly RolloutSpec ManyFivePercent = SomeWorld.Rollout([.. Enumerable.Repeat((5.0, TimeSpan.Zero, 0), 500)]);

    [Theory]
    [InlineData(Peer.AgentCanary, 0.05, 0.05, 0.116, 200)]
    [InlineData(Peer.AgentCanary, 0.01, 0.05, 0.70, 100)]
    [InlineData(Peer.Flagger, 0.01, 0.01, 1, 40)]
    [InlineData(Peer.Kayenta, 0.01, 0.01, 0.019, 100)]
    public void Rollbacks_in_2500_canary_requests_are_as_frequent(Peer peer, double stable, double canary, double expected, int runs) =>
        AssertShare(expected, Run(peer, stable, canary, perMinute: 1000, TimeSpan.FromMinutes(50), runs).RolledBack, runs);

    [Theory]
    [InlineData(Peer.AgentCanary, 0.1, 56, 2, 100)]
    [InlineData(Peer.AgentCanary, 0.5, 50, 1, 20)]
    [InlineData(Peer.Flagger, 0.02, 397 + 50, 30, 100)] // the tick after the last failed check is 50 requests later
    [InlineData(Peer.Flagger, 0.05, 271 + 50, 15, 50)]
    [InlineData(Peer.Flagger, 0.5, 250 + 50, 10, 100)]
    [InlineData(Peer.Kayenta, 0.05, 751, 140, 60)]
    [InlineData(Peer.Kayenta, 0.1, 523, 50, 40)]
    public void A_worse_canary_is_found_after_as_many_requests(Peer peer, double canary, double mean, double error, int runs) =>
        Assert.InRange(Run(peer, 0.01, canary, perMinute: 1000, TimeSpan.FromHours(7), runs).CanaryRequestsToRollback!.Value.Mean, mean - error, mean + error);

    [Theory]
    [InlineData(0.1, 226, 20)]
    [InlineData(0.5, 200, 12)]
    public void Argo_finds_a_worse_canary_after_as_many_requests(double canary, double mean, double error) =>
        Assert.InRange(Run(Peer.Argo, 0.01, canary, perMinute: 200, TimeSpan.FromHours(12), 60).CanaryRequestsToRollback!.Value.Mean, mean - error, mean + error);

    [Theory]
    [InlineData("error_rate=0.005", "", 0.005, 0.995, 0, 2)]
    [InlineData("error_rate=0.02", "", 0.038, 0, 0, 2)]
    [InlineData("error_rate=0.02", "error_rate=0.01", 0, 0.61, -156, 40)]
    [InlineData("error_rate=0.005", "error_rate=0.015", 0.065, 0, 98, 30)]
    [InlineData("error_rate=0.005", "error_rate=0.05", 0.795, 0, 18, 9)]
    [InlineData("error_rate=0.005", "error_rate=0.5", 1, 0, 26, 4)]
    public void Whole_rollouts_of_agent_canary_end_alike(string stable, string canary, double rolledBack, double completed, double extraFailures, double error)
    {
        const int runs = 60;
        var world = SomeWorld.Of(perSecond: 10, stable, canary);
        var summary = Summary(SomeWorld.Standard, runs, run => PeerSimulator.Run(Peer.AgentCanary, SomeWorld.Standard, world, TimeSpan.FromHours(3), 1, run));
        AssertShare(rolledBack, summary.RolledBack, runs);
        AssertShare(completed, summary.Completed, runs);
        Assert.InRange(summary.ExtraFailures, extraFailures - error, extraFailures + error);
    }

    private static void AssertShare(double expected, double actual, int runs)
    {
        var error = (4 * Math.Sqrt(expected * (1 - expected) / runs)) + 0.02;
        Assert.InRange(actual, expected - error, expected + error);
    }

    // The reference looks after every answer of the canary, which agent-canary's README does not.
    private static SimulationSummary Run(Peer peer, double stable, double canary, double perMinute, TimeSpan length, int runs)
    {
        var world = SomeWorld.Of(perMinute / 60, FormattableString.Invariant($"error_rate={stable}"), FormattableString.Invariant($"error_rate={canary}"));
        var spec = peer is Peer.Flagger ? ManyFivePercent : FivePercent;
        return Summary(spec, runs, run => peer is Peer.AgentCanary
            ? SimulatedRollout.Run(world, new PythonMethod(spec, TimeSpan.Zero), Simulator.Stream(spec, world, 1, run), length, default)
            : PeerSimulator.Run(peer, spec, world, length, 1, run));
    }

    private static SimulationSummary Summary(RolloutSpec spec, int runs, Func<int, SimulatedRun> run) =>
        SimulationSummary.Of([.. Enumerable.Range(0, runs).AsParallel().AsOrdered().Select(run)], spec.Stages.Length);
}
