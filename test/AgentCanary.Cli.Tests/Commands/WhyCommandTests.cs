using AgentCanary.Control;
using AgentCanary.Server.Gateway;
using AgentCanary.Testing;
using Microsoft.Extensions.DependencyInjection;

namespace AgentCanary.Cli.Tests.Commands;

public sealed class WhyCommandTests
{
    private static readonly DecisionIds Ids = new(new byte[32]);

    private static Task<AdminHost> StartAsync() => AdminHost.StartAsync(
        new FakeRollouts().With(FakeRollouts.Snapshot(new RolloutState { Spec = FakeRollouts.Spec(), Phase = Phase.RolledBack, Stage = 1, Revision = 7 })), services => services.AddSingleton(Ids));

    [Fact]
    public async Task Why_tells_who_served_in_which_stage_and_what_it_counts_for()
    {
        await using var host = await StartAsync();
        var assignment = new Assignment { Version = "v1.0.0", Arm = Arm.Control, Reason = AssignmentReason.Split, KeyHash = 3UL << 62, Attempt = 1, Stage = 1, Revision = 4, StartTick = 9 };

        var result = await CliProcess.RunAsync(["why", Ids.Make(DecisionId.RolloutOf(FakeRollouts.Spec()), assignment, FakeRollouts.Noon), "--server", host.Address.ToString()]);

        Assert.Equal((0, ""), (result.ExitCode, result.Error));
        Assert.Equal("""
            Agent    support-agent
            Version  v1.0.0, stable
            Arm      control
            Reason   split
            Stage    2 (stage-1), attempt 1, revision 4
            Came     2026-01-15 12:00:00Z

            'v1.0.0', the stable version, served: the caller's sticky key lies at 75 % of the key space, outside the canary's share of 10 %. That was in attempt 1, stage 2 'stage-1', at revision 4. The request, its late scores included, counts for control, which the canary is compared with. The rollout is RolledBack now.

            """, result.Output);
    }

    [Fact]
    public async Task An_id_that_is_none_fails_with_the_next_step()
    {
        await using var host = await StartAsync();

        var result = await CliProcess.RunAsync(["why", "nonsense", "--server", host.Address.ToString()]);

        Assert.Equal((1, ""), (result.ExitCode, result.Output));
        Assert.Contains("X-Canary-Decision", result.Error, StringComparison.Ordinal);
    }
}
