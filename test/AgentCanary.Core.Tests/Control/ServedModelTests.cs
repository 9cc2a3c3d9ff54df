using AgentCanary.Control;
using AgentCanary.Metrics;
using AgentCanary.Spec;

namespace AgentCanary.Core.Tests.Control;

/// <summary>The model behind a version's name is another one in the midst of a rollout: it is told once, and decides nothing.</summary>
public sealed class ServedModelTests
{
    private static readonly RolloutSpec Spec = new()
    {
        Agent = "support-agent",
        Stable = new("v1"),
        Canary = new("v2"),
        Stages = [new(Weight.FromPercent(20)) { Name = "initial", MinRequests = 1_000_000 }, new(Weight.Full) { Name = "full" }],
        Analysis = new() { Mode = AnalysisMode.Point },
    };

    private RolloutState _state = Started();
    private StageRun _run;
    private int _second;

    public ServedModelTests() => _run = StageRun.Begin(_state, null, TimeSpan.Zero, new());

    [Fact]
    public void Another_model_behind_the_same_version_is_told_once_and_decides_nothing()
    {
        Assert.Null(Tick(Arm.Canary, "gpt-4o-2024-08-06", 200));
        var told = Tick(Arm.Canary, "gpt-4o-2024-11-20", 1)!;
        Assert.Equal(("model_changed", "v2", "gpt-4o-2024-08-06", "gpt-4o-2024-11-20"), (told.Type, told.Model!.Version, told.Model.From, told.Model.To));
        Assert.Contains("another model answers for v2: 'gpt-4o-2024-11-20', where 'gpt-4o-2024-08-06' did", told.Reason, StringComparison.Ordinal);
        Assert.Equal((Phase.Progressing, 0, told.Model), (_state.Phase, _state.Stage, Assert.Single(_state.ModelChanges)));
        Assert.NotEqual(told.Reason, _state.Reason);
        for (var i = 0; i < 50; i++) Assert.Null(Tick(Arm.Canary, i % 2 == 0 ? "gpt-4o-2024-08-06" : "gpt-4o-2024-11-20", 10));
    }

    [Fact]
    public void Each_version_has_models_of_its_own()
    {
        Assert.Null(Tick(Arm.Control, "gpt-4o", 200));
        Assert.Null(Tick(Arm.Canary, "gpt-5", 200));
        Assert.Equal("v1", Tick(Arm.Control, "gpt-5", 1)?.Model?.Version);
        Assert.Equal("v2", Tick(Arm.Canary, "gpt-4o", 1)?.Model?.Version);
    }

    [Fact]
    public void What_a_version_begins_with_is_no_change_however_many_models_it_asks()
    {
        for (var i = 0; i < 10; i++) Assert.Null(Tick(Arm.Canary, $"model-{i % 3}", 1));
        for (var i = 0; i < 100; i++) Assert.Null(Tick(Arm.Canary, $"model-{i % 3}", 10));
    }

    [Fact]
    public void Models_without_number_are_told_as_far_as_they_are_kept()
    {
        Tick(Arm.Canary, "first", 100);
        var told = Enumerable.Range(0, 100).Count(i => Tick(Arm.Canary, $"model-{i}", 1) is not null);
        Assert.Equal(ServedModels.Most - 1, told);
    }

    [Fact]
    public void Two_that_come_at_once_are_both_told()
    {
        Serve(Arm.Canary, "first", 100);
        Serve(Arm.Canary, "second", 1);
        Serve(Arm.Canary, "third", 1);
        Assert.Equal(("second", "third", null), (Tick()?.Model?.To, Tick()?.Model?.To, Tick()?.Model?.To));
    }

    [Fact]
    public void A_restart_knows_the_models_from_before_and_tells_none_of_them_again()
    {
        Tick(Arm.Canary, "first", 100);
        Assert.NotNull(Tick(Arm.Canary, "second", 1));
        Restart();
        Assert.Null(Tick(Arm.Canary, "second", 100));
        Assert.Null(Tick(Arm.Canary, "first", 100));
        Restart();
        Assert.Equal("third", Tick(Arm.Canary, "third", 1)?.Model?.To);
    }

    [Fact]
    public void A_paused_rollout_tells_it_too_and_one_that_has_ended_does_not()
    {
        Tick(Arm.Canary, "first", 100);
        Do(new RolloutCommand.Pause());
        Assert.NotNull(Tick(Arm.Canary, "second", 1));
        Do(new RolloutCommand.Rollback());
        Assert.Null(Tick(Arm.Canary, "third", 1));
    }

    [Fact]
    public void A_new_attempt_begins_with_the_models_that_answer_then()
    {
        Tick(Arm.Canary, "first", 100);
        Assert.NotNull(Tick(Arm.Canary, "second", 1));
        Do(new RolloutCommand.Rollback());
        Do(new RolloutCommand.Retry());
        Assert.Empty(_state.ModelChanges);
        Do(new RolloutCommand.Start());
        Assert.Null(Tick(Arm.Canary, "second", 100));
    }

    [Fact]
    public void Noting_a_known_model_allocates_nothing()
    {
        var models = new ServedModels([]);
        var outcome = new Outcome { Model = "gpt-4o", Tokens = 10 };
        models.Note(Arm.Canary, outcome);
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 10_000; i++) models.Note(Arm.Canary, outcome);
        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
    }

    [Fact]
    public async Task Models_that_come_from_many_threads_at_once_are_each_kept_once_and_counted_to_the_last()
    {
        var models = new ServedModels([]);
        await Task.WhenAll(Enumerable.Range(0, 8).Select(thread => Task.Run(() =>
        {
            for (var i = 0; i < 5_000; i++) models.Note(Arm.Control, new Outcome { Model = $"model-{(thread + i) % ServedModels.Most}" });
        })));
        var seen = models.Read();
        Assert.Equal(ServedModels.Most, seen.Select(model => model.Model).Distinct().Count());
        Assert.Equal(40_000, seen.Sum(model => model.Answers));
    }

    private static RolloutState Started()
    {
        var created = RolloutMachine.Create(Spec, pepper: 0, DateTimeOffset.UnixEpoch).Next;
        return RolloutMachine.After(created, RolloutMachine.Decide(created, analysis: null, new RolloutCommand.Start()), DateTimeOffset.UnixEpoch)!.Next;
    }

    private void Serve(Arm arm, string model, int answers)
    {
        for (var i = 0; i < answers; i++) _run.Record(_run.Begin(arm, null), new() { Model = model, Tokens = 10, Latency = TimeSpan.FromMilliseconds(5) });
    }

    private RolloutEvent? Tick(Arm arm, string model, int answers)
    {
        Serve(arm, model, answers);
        return Tick();
    }

    private RolloutEvent? Tick() => After(RolloutMachine.Decide(_state, _run.Analyze(TimeSpan.FromSeconds(++_second))));

    private void Do(RolloutCommand command) => Assert.NotNull(After(RolloutMachine.Decide(_state, _run.Analyze(TimeSpan.FromSeconds(++_second)), command)));

    private RolloutEvent? After(Decision decision)
    {
        if (RolloutMachine.After(_state, decision, DateTimeOffset.UnixEpoch) is not { } transition) return null;
        _state = RolloutJson.ReadState(RolloutJson.Write(transition.Next));
        _run = _run.Enter(_state, isCanaryDown: false, TimeSpan.FromSeconds(_second));
        return transition.Event;
    }

    private void Restart() => _run = StageRun.Begin(_state, Evidence.Read(_run.Evidence.ToBytes()), TimeSpan.FromSeconds(_second), new());
}
