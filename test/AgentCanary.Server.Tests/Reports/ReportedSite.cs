using System.Collections.Concurrent;
using System.Collections.Immutable;
using AgentCanary.Control;
using AgentCanary.Routing;
using AgentCanary.Server.Gateway;
using AgentCanary.Server.Reports;
using AgentCanary.Spec;
using AgentCanary.Testing;

namespace AgentCanary.Server.Tests.Reports;

/// <summary>A rollout in its second stage whose requests were served when a test says so, and what takes reports about them.</summary>
internal sealed class ReportedSite : IDecisionMap
{
    private readonly ConcurrentDictionary<JoinKey, DecisionId> _known = new();

    private int _decided;

    public ReportedSite(Phase phase = Phase.Progressing)
    {
        var state = new RolloutState { Spec = Spec, Phase = phase, Stage = 1, Revision = 5, Attempt = 2 };
        Runtime = new(state, evidence: null, Time);
        Registry.Publish(ImmutableDictionary<string, CanaryRuntime>.Empty.Add(Spec.Agent, Runtime));
        Intake = new(Registry, Ids, Totals, Time, this);
    }

    public static RolloutSpec Spec { get; } = new()
    {
        Agent = "support-agent",
        Stable = new("v1"),
        Canary = new("v2"),
        Stages =
        [
            new(Weight.FromPercent(10)) { Name = "small", Checks = [Check.Parse("score.quality_delta > -0.1"), Check.Parse("safety_violations == 0")] },
            new(Weight.FromPercent(50)) { Name = "half", Checks = [Check.Parse("task_completion >= 0.5"), Check.Parse("safety_violations == 0")] },
            new(Weight.Full) { Name = "full", Checks = [] },
        ],
        Analysis = new() { Mode = AnalysisMode.Sequential },
    };

    public ManualTimeProvider Time { get; } = new();

    public DecisionIds Ids { get; } = new(new byte[32]);

    public RolloutRegistry Registry { get; } = new();

    public ReportTotals Totals { get; } = new();

    public CanaryRuntime Runtime { get; }

    public ReportIntake Intake { get; }

    public Evidence Evidence
    {
        get
        {
            Runtime.Analyze();
            return Runtime.Evidence;
        }
    }

    /// <summary>Names a request that its caller sends itself.</summary>
    public JoinKey Decided(Arm arm = Arm.Canary)
    {
        var begun = Runtime.Assign(new($"user-{_decided++}"), new NoAttributes());
        while (begun.Arm != arm) begun = Runtime.Assign(new($"user-{_decided++}"), new NoAttributes());
        return new(JoinKind.Decision, Ids.Make(DecisionId.RolloutOf(Spec), begun, Time.GetUtcNow(), isReported: true));
    }

    /// <summary>Names a request that was served some time ago.</summary>
    public string Decision(Arm arm = Arm.Canary, int stage = 0, int attempt = 2, TimeSpan ago = default, long startTick = 7, RolloutSpec? spec = null) => Ids.Make(
        DecisionId.RolloutOf(spec ?? Spec),
        new() { Version = "", Variant = arm is Arm.Canary ? Variant.Canary : Variant.Stable, Arm = arm, Reason = AssignmentReason.Split, Attempt = attempt, Stage = stage, StartTick = startTick },
        Time.GetUtcNow() - ago);

    /// <summary>Makes an id known that an agent gave.</summary>
    public void Learn(JoinKey key, string decision)
    {
        Assert.True(Ids.TryRead(decision, out var read));
        _known[key] = read;
    }

    public ReportFate Take(string id, string decision, double value = 0.5, string name = "quality") =>
        Assert.Single(Intake.Take([Score(id, new(JoinKind.Decision, decision), value, name)]));

    public static Report Score(string id, JoinKey key, double value = 0.5, string name = "quality") => new(ReportKind.Score, id, key) { Scores = [new(name, value)] };

    bool IDecisionMap.TryFind(in JoinKey key, out DecisionId decision) => _known.TryGetValue(key, out decision);
}
