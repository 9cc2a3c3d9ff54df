using AgentCanary.Control;
using AgentCanary.Planning;
using AgentCanary.Routing;
using AgentCanary.Testing;

namespace AgentCanary.Core.Tests.Control;

public sealed class EvidenceTests
{
    [Fact]
    public void A_restart_goes_on_with_the_users_that_were_counted_and_with_what_they_showed()
    {
        var run = StageRun.Begin(Rollouts.State(), evidence: null, TimeSpan.Zero, new());
        for (var i = 0; i < 3_000; i++) run.Assign(new($"user-{i}"), new NoAttributes());
        var kept = run.Evidence;
        Assert.Equal(kept.Keys, Evidence.Read(kept.ToBytes()).Keys);

        var resumed = StageRun.Begin(Rollouts.State(), Evidence.Read((kept with { IsShareBroken = true }).ToBytes()), TimeSpan.Zero, new());
        for (var i = 0; i < 3_000; i++) resumed.Assign(new($"user-{i}"), new NoAttributes());
        Assert.Equal(kept.Keys, resumed.Evidence.Keys);
        Assert.Equal(Alert.Share, resumed.Analyze(TimeSpan.FromSeconds(1)).Alert);
    }

    [Fact]
    public void A_later_stage_counts_its_users_anew()
    {
        var trial = new Trial(Rollouts.Spec(), TimeSpan.FromSeconds(1));
        for (var i = 0; i < 1_000; i++) trial.Assign(new($"user-{i}"));
        Assert.InRange(trial.Evidence.Keys.Canary + trial.Evidence.Keys.Control, 990, 1_000);
        var later = trial.Evidence.Enter(trial.State with { Stage = 1 });
        Assert.Equal((0L, 0L, false), (later.Keys.Canary, later.Keys.Control, later.IsShareBroken));
    }
}
