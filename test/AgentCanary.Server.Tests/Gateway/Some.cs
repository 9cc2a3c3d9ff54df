using System.Collections.Immutable;
using AgentCanary.Control;
using AgentCanary.Spec;

namespace AgentCanary.Server.Gateway;

/// <summary>Rollouts for these tests.</summary>
internal static class Some
{
    public const string Stable = "v1.0.0";
    public const string Canary = "v1.1.0";

    public static RolloutSpec Spec(Uri stable, Uri canary, double percent = 50, string agent = "support-agent") => new()
    {
        Agent = agent,
        Stable = new(Stable) { Url = stable.ToString() },
        Canary = new(Canary) { Url = canary.ToString() },
        Stages = [new(Weight.FromPercent(percent)) { Name = "first" }, new(Weight.Full) { Name = "full" }],
    };

    public static CanaryRuntime Runtime(RolloutSpec spec, Phase phase = Phase.Progressing) =>
        new(new RolloutState { Spec = spec, Phase = phase, Salt = 42, Stage = phase == Phase.Completed ? spec.Stages.Length - 1 : 0 }, evidence: null, TimeProvider.System);

    public static ImmutableDictionary<string, CanaryRuntime> Published(params RolloutSpec[] specs) =>
        specs.Select(spec => Runtime(spec)).ToImmutableDictionary(runtime => runtime.Agent);
}
