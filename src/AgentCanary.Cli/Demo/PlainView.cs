using System.Globalization;
using AgentCanary.Server.Api;

namespace AgentCanary.Cli.Demo;

/// <summary>Shows the demo as lines: one when the stage or the phase changes, and one every few seconds. For pipes and logs.</summary>
internal sealed class PlainView(DemoOptions options, TextWriter output) : IDemoView
{
    private static readonly TimeSpan Pace = TimeSpan.FromSeconds(5);

    private (string Phase, int Stage) _last;
    private TimeSpan _next;

    public void Start(DemoSite site)
    {
        output.WriteLine($"Scenario {options.Scenario.Name}: {options.Scenario.Story}");
        output.WriteLine(options.Clock);
        output.WriteLine($"Users send to {site.Data}, the rollout is at {site.Admin}api/v1/rollouts/{DemoTerms.Agent}");
        output.WriteLine();
        output.WriteLine("Its terms:");
        output.WriteLine(site.Terms);
    }

    public void Show(RolloutView rollout, CrowdFigures users, TimeSpan elapsed)
    {
        var now = (rollout.Phase, rollout.Stage.Index);
        if (now == _last && elapsed < _next) return;
        (_last, _next) = (now, elapsed + Pace);
        output.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"{elapsed.TotalSeconds,5:0.0} s  {rollout.Phase,-11} {rollout.Stage.Name,-8} {rollout.WeightBp / 100.0,4:0.##} %  "
            + $"canary {Arm(rollout.Arms.Canary)}  stable {Arm(rollout.Arms.Control)}  thumbs up {DemoSentences.Up(users.Canary)} vs {DemoSentences.Up(users.Stable)}  {rollout.Decision}: {rollout.Reason}"));
    }

    public ValueTask EndAsync() => ValueTask.CompletedTask;

    private static string Arm(ArmView arm) => string.Create(
        CultureInfo.InvariantCulture, $"{arm.Requests,5} req {arm.Errors,4} err {(arm.P95Ms is { } p95 ? $"{p95,4:0} ms p95" : "")}");
}
