using AgentCanary.Planning;
using AgentCanary.Spec;

namespace AgentCanary.Core.Tests.Planning;

/// <summary>Rollouts to plan.</summary>
internal static class Plans
{
    public static RolloutSpec Spec(params Stage[] stages) => new()
    {
        Agent = "support-agent",
        Stable = new("v1") { Url = "http://127.0.0.1:1" },
        Canary = new("v2") { Url = "http://127.0.0.1:2" },
        Stages = [.. stages, new Stage(Weight.Full) { Name = "full", Checks = [] }],
        Analysis = new() { Mode = AnalysisMode.Sequential },
    };

    public static RolloutSpec WithMargin(this RolloutSpec spec, double margin) => spec with { Analysis = spec.Analysis with { Margin = margin } };

    public static Stage Stage(double percent, params string[] checks) =>
        new(Weight.FromPercent(percent)) { Name = $"at-{percent}", MinRequests = 1, Checks = [.. checks.Select(Check.Parse)] };

    public static Outlook Plan(this RolloutSpec spec, double perSecond = 1, string baseline = "error_rate=0.01", TimeSpan? within = null) =>
        RolloutPlanner.Plan(spec, new(perSecond), Baseline.Parse(baseline).Baseline!, within, seed: 1, runs: 100);

    public static void Near(double expected, double actual, double tolerance) => Assert.InRange(actual, expected * (1 - tolerance), expected * (1 + tolerance));
}
