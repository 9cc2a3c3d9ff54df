using AgentCanary.Analysis;
using AgentCanary.Control;
using AgentCanary.Spec;

namespace AgentCanary.Testing;

/// <summary>A plausible rollout at any revision, and the event that leads there.</summary>
public static class Rollouts
{
    public static DateTimeOffset Noon { get; } = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);

    public static RolloutSpec Spec(string agent = "support-agent") => new()
    {
        Agent = agent,
        Stable = new("v1.0.0") { Url = "http://127.0.0.1:9101" },
        Canary = new("v1.1.0") { Url = "http://127.0.0.1:9102" },
        Stages =
        [
            new(Weight.FromPercent(5)) { Name = "initial", BakeTime = TimeSpan.FromMinutes(30), Checks = [Check.Parse("error_rate_increase < 0.10")] },
            new(Weight.FromPercent(50)) { Name = "half", BakeTime = TimeSpan.FromMinutes(30), Checks = [] },
            new(Weight.Full) { Name = "full" },
        ],
    };

    public static RolloutState State(long revision = 1, string agent = "support-agent", int attempt = 1, string reason = "as planned") => new()
    {
        Spec = Spec(agent),
        Phase = Phase.Progressing,
        Stage = (int)((revision - 1) % 3),
        StageEnteredAt = Noon.AddMinutes(revision),
        Attempt = attempt,
        Revision = revision,
        Salt = 0x9E3779B97F4A7C15 * (ulong)attempt,
        Reason = reason,
    };

    public static RolloutEvent EventOf(RolloutState state) => new()
    {
        Agent = state.Agent,
        Revision = state.Revision,
        At = state.StageEnteredAt,
        Type = state.Revision == 1 ? "created" : "stage_entered",
        Actor = "controller",
        Reason = state.Reason,
        Attempt = state.Attempt,
        FromStage = Math.Max(0, state.Stage - 1),
        ToStage = state.Stage,
        Evidence = [new CheckResult { Check = "error_rate_increase < 0.10", Verdict = Verdict.Pass, Canary = 0.01, Control = 0.012, CanaryCount = 500, ControlCount = 9_500, Reason = "seen" }],
    };

    public static ValueTask<RolloutEvent> WriteAsync(this IRolloutStore store, RolloutState next, EvidenceRow? evidence = null) =>
        store.WriteAsync(next, EventOf(next), evidence, CancellationToken.None);

    /// <summary>Writes revisions 1 to the given one.</summary>
    public static async Task FillAsync(this IRolloutStore store, int revisions, string agent = "support-agent")
    {
        for (var revision = 1; revision <= revisions; revision++) await store.WriteAsync(State(revision, agent));
    }

    public static EvidenceRow Evidence(byte content, int attempt = 1, string agent = "support-agent") => new(agent, attempt, Enumerable.Repeat(content, 100).ToArray());
}
