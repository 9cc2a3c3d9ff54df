using AgentCanary.Analysis;
using AgentCanary.Control;
using AgentCanary.Routing;
using AgentCanary.Spec;
using FsCheck;
using FsCheck.Fluent;

namespace AgentCanary.Core.Tests.Control;

/// <summary>No safety violation is lost or counted twice, whatever happens between its request's start and its end.</summary>
public class SafetyLawTests
{
    private static readonly Gen<(Act Act, int Pick, int Violations, bool IsMeanwhile)> Steps =
        from act in Gen.Elements(Act.Start, Act.Start, Act.End, Act.End, Act.End, Act.EndUnseen, Act.Report, Act.Judge, Act.Enter, Act.Enter, Act.Pause, Act.Restart)
        from pick in Gen.Choose(0, 1_000)
        from violations in Gen.Choose(0, 3)
        from isMeanwhile in Gen.Elements(false, true)
        select (act, pick, violations, isMeanwhile);

    [Fact]
    public void Every_safety_violation_of_an_attempt_counts_once_whatever_the_stage_that_served_it_and_the_moment_it_came() =>
        Prop.ForAll(Arb.From(Steps.ListOf()), steps =>
        {
            var world = new World();
            foreach (var step in steps)
            {
                world.Do(step.Act, step.Pick, step.Violations, step.IsMeanwhile);
                Assert.Equal(world.Happened, world.Run.Evidence.SafetyViolations);
            }
            Assert.Equal(world.Happened, Evidence.Read(world.Run.Evidence.ToBytes()).SafetyViolations);
            Assert.Equal(world.Happened > 0, world.Run.Analyze(world.Now).IsUnconditional);
        }).QuickCheckThrowOnFailure();

    [Fact]
    public void What_an_unsafe_answer_that_outlived_five_stages_was_rolls_back()
    {
        var world = new World();
        world.Do(Act.Start);
        for (var stage = 0; stage < 5; stage++) world.Do(Act.Enter);
        world.Do(Act.End, violations: 1);
        Assert.True(world.Run.Analyze(world.Now).IsUnconditional);
    }

    [Fact]
    public void What_was_unsafe_is_told_once_where_it_comes_after_the_end()
    {
        var world = new World();
        world.Do(Act.Start);
        world.Complete();
        Assert.Null(RolloutMachine.After(world.Run.State, RolloutMachine.Decide(world.Run.State, world.Run.Analyze(world.Now)), Some.Noon));

        world.Do(Act.End, violations: 1);
        var told = RolloutMachine.After(world.Run.State, RolloutMachine.Decide(world.Run.State, world.Run.Analyze(world.Now)), Some.Noon)!;
        Assert.Equal(("alert", Phase.Completed), (told.Event.Type, told.Next.Phase));
        Assert.Contains("1 safety violation", told.Event.Reason, StringComparison.Ordinal);
        Assert.Null(RolloutMachine.After(told.Next, RolloutMachine.Decide(told.Next, world.Run.Analyze(world.Now)), Some.Noon));
    }

    [Fact]
    public void An_unsafe_answer_of_the_canary_that_was_superseded_says_nothing_of_its_successor()
    {
        var world = new World();
        world.Do(Act.Start);
        world.Supersede();
        world.Do(Act.End, violations: 1);
        Assert.Equal(0, world.Run.Evidence.SafetyViolations);
        Assert.Equal(0, world.Run.Status(Arm.Canary).Requests);
    }

    [Fact]
    public void A_violation_that_is_reported_late_of_the_canary_that_was_superseded_says_nothing_of_its_successor()
    {
        var world = new World();
        var served = world.Run.Begin(Arm.Canary, "user");
        world.Supersede();
        Assert.False(world.Run.RecordViolations(served, 1));
        Assert.True(world.Run.RecordViolations(world.Run.Begin(Arm.Canary, "user"), 1));
        Assert.Equal(1, world.Run.Evidence.SafetyViolations);
    }

    private enum Act
    {
        Start,
        End,
        EndUnseen,
        Report,
        Judge,
        Enter,
        Pause,
        Restart,
    }

    /// <summary>A rollout of many stages; things may also happen while the next stage is being made.</summary>
    private sealed class World
    {
        private readonly List<Assignment> _open = [];
        private readonly EvaluatorOptions _options;
        private Action? _meanwhile;

        public World()
        {
            _options = new()
            {
                Checks = stage =>
                {
                    Interlocked.Exchange(ref _meanwhile, null)?.Invoke();
                    return StageChecks.OfFile(stage);
                },
            };
            var spec = Some.Spec with
            {
                Stages = [.. Enumerable.Range(0, 40).Select(i => new Stage(Weight.FromPercent(50)) { Name = $"stage-{i}" }), new(Weight.Full) { Name = "full" }],
            };
            Run = StageRun.Begin(Some.State(Phase.Progressing, stage: 0, spec: spec), evidence: null, TimeSpan.Zero, _options);
        }

        public StageRun Run { get; private set; }

        public TimeSpan Now { get; private set; }

        public long Happened { get; private set; }

        public void Do(Act act, int pick = 0, int violations = 0, bool isMeanwhile = false)
        {
            var state = Run.State with { Revision = Run.State.Revision + 1 };
            switch (act)
            {
                case Act.Start: _open.Add(Run.Begin(Arm.Canary, $"user-{pick}")); break;
                case Act.End: End(pick, violations); break;
                case Act.EndUnseen: Run.RecordUnseen(Arm.Canary, Unsafe(violations)); break;
                case Act.Report when Run.RecordViolations(new() { Version = "", Arm = Arm.Canary, Attempt = 1, Stage = pick % 40, Revision = 1 }, violations): Happened += violations; break;
                case Act.Judge: Run.Analyze(Now += TimeSpan.FromSeconds(1)); break;
                case Act.Enter when state.Stage < 39: Enter(state with { Stage = state.Stage + 1 }, pick, violations, isMeanwhile); break;
                case Act.Pause: Enter(state with { Phase = state.Phase is Phase.Paused ? Phase.Progressing : Phase.Paused }, pick, violations, isMeanwhile: false); break;
                case Act.Restart: Restart(); break;
                default: break;
            }
            if (act is Act.EndUnseen) Happened += violations;
        }

        public void Complete() => Run = Run.Enter(
            Run.State with { Phase = Phase.Completed, Stage = Run.State.Spec.Stages.Length - 1, Revision = Run.State.Revision + 1 }, isCanaryDown: false, Now);

        public void Supersede() => Run = Run.Enter(
            Run.State with { Spec = Run.State.Spec with { Canary = new("v1.2.0") }, Revision = Run.State.Revision + 1 }, isCanaryDown: false, Now);

        private static Outcome Unsafe(int violations) => violations == 0 ? new() : new() { Class = OutcomeClass.Safety, SafetyViolations = violations - 1 };

        private void End(int pick, int violations)
        {
            if (_open.Count == 0) return;
            Run.Record(_open[pick % _open.Count], Unsafe(violations));
            _open.RemoveAt(pick % _open.Count);
            Happened += violations;
        }

        private void Enter(RolloutState next, int pick, int violations, bool isMeanwhile)
        {
            if (isMeanwhile) _meanwhile = () => End(pick, violations);
            Run = Run.Enter(next, isCanaryDown: false, Now);
            _meanwhile = null;
        }

        private void Restart()
        {
            _open.Clear(); // what had started and not ended went with its process
            Run = StageRun.Begin(Run.State, Evidence.Read(Run.Evidence.ToBytes()), Now, _options);
        }
    }
}
