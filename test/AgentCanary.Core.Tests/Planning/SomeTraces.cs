using AgentCanary.Spec;

namespace AgentCanary.Planning;

/// <summary>Rollouts and traces for tests of the replay.</summary>
internal static class SomeTraces
{
    public static RolloutSpec Rollout(params Stage[] stages) => new()
    {
        Agent = "support-agent",
        Stable = new("v1"),
        Canary = new("v2"),
        Stages = [.. stages, new(Weight.Full) { Name = "full", Checks = [] }],
        Analysis = new() { Mode = AnalysisMode.Sequential },
    };

    public static Stage Stage(string name, TimeSpan bake, params string[] checks) =>
        new(Weight.FromPercent(10)) { Name = name, BakeTime = bake, MinRequests = 20, Checks = [.. checks.Select(Check.Parse)] };

    public static TraceOutcome Outcome(double seconds, Arm arm, OutcomeClass outcomeClass = OutcomeClass.Ok, double latency = 0.5, ulong key = 1) =>
        new(TimeSpan.FromSeconds(seconds), arm, key, new() { Class = outcomeClass, Latency = TimeSpan.FromSeconds(latency) });

    /// <summary>Ten requests a second, one in five on the canary.</summary>
    /// <param name="from">The first second.</param>
    /// <param name="to">The second after the last.</param>
    /// <param name="canaryFails">Which of the canary's requests fail, counted from 0.</param>
    public static IEnumerable<TraceOutcome> Traffic(int from, int to, Func<int, bool>? canaryFails = null)
    {
        var canary = 0;
        for (var i = from * 10; i < to * 10; i++)
        {
            var isCanary = i % 5 == 0;
            var fails = isCanary && canaryFails?.Invoke(canary++) == true;
            yield return Outcome(i / 10.0, isCanary ? Arm.Canary : Arm.Control, fails ? OutcomeClass.ErrorUpstream : OutcomeClass.Ok, key: (ulong)i + 1);
        }
    }
}
