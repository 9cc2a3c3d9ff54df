using AgentCanary.Control;
using AgentCanary.Routing;
using AgentCanary.Spec;

namespace AgentCanary.Core.Tests.Control;

/// <summary>A rollout of three stages whose scores come when a test says so, on a clock that the test moves.</summary>
internal sealed class ReportedWorld
{
    private int _user;

    public ReportedWorld(AnalysisMode mode, params string[] checks)
        : this(mode, 0.01, checks)
    {
    }

    public ReportedWorld(AnalysisMode mode, double alpha, params string[] checks)
    {
        Stage Stage(string name, double percent) => new(Weight.FromPercent(percent)) { Name = name, BakeTime = TimeSpan.FromHours(1), MinRequests = 20, Checks = [.. checks.Select(AgentCanary.Check.Parse)] };
        var spec = new RolloutSpec
        {
            Agent = "support-agent",
            Stable = new("v1"),
            Canary = new("v2"),
            Stages = [Stage("first", 20), Stage("second", 50), new(Weight.Full) { Name = "full", Checks = [] }],
            Analysis = new() { Mode = mode, Alpha = alpha },
        };
        Run = StageRun.Begin(RolloutMachine.Create(spec, pepper: 0, Some.Noon).Next, evidence: null, TimeSpan.Zero, new());
        Command(new RolloutCommand.Start());
    }

    public StageRun Run { get; private set; }

    public RolloutState State => Run.State;

    public TimeSpan Now { get; private set; }

    public List<RolloutEvent> Events { get; } = [];

    /// <summary>Serves requests of new users, all of them well.</summary>
    public void Serve(int requests)
    {
        for (var i = 0; i < requests; i++)
            Run.Record(Run.Assign(new RouteRequest($"user-{_user++}"), new NoAttributes()), new() { Latency = TimeSpan.FromMilliseconds(50) });
        Judge();
    }

    public void Promote(bool full = false) => Command(new RolloutCommand.Promote(full));

    public void Command(RolloutCommand command) => Do(RolloutMachine.Decide(State, Run.Analyze(Now), command));

    /// <summary>Reports as many scores of each arm.</summary>
    public void Report(int stage, int count, double canary, double control)
    {
        for (var i = 0; i < count; i++)
        {
            Report(stage, Arm.Canary, "quality", canary);
            Report(stage, Arm.Control, "quality", control);
        }
    }

    public void Report(int stage, Arm arm, string name, double value) => Assert.True(Run.RecordScore(new() { Version = "", Arm = arm, Stage = stage, Attempt = State.Attempt }, new(name, value)));

    /// <summary>Lets a second pass, or some hours, and does what follows.</summary>
    public RolloutState Judge(int hours = 0)
    {
        Now += TimeSpan.FromSeconds(1) + TimeSpan.FromHours(hours);
        Do(RolloutMachine.Decide(State, Run.Analyze(Now)));
        return State;
    }

    /// <summary>Goes on in another process.</summary>
    public void Restart() => Run = StageRun.Begin(State, Evidence.Read(Run.Evidence.ToBytes()), Now, new());

    private void Do(Decision decision)
    {
        if (RolloutMachine.After(State, decision, Some.Noon + Now) is not { } transition) return;
        Run = Run.Enter(transition.Next, isCanaryDown: false, Now);
        Events.Add(transition.Event);
    }
}
