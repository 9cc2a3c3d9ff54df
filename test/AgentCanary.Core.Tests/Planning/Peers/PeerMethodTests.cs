using AgentCanary.Core.Tests.Planning.Simulation;
using AgentCanary.Planning.Peers;
using AgentCanary.Planning.Simulation;

namespace AgentCanary.Core.Tests.Planning.Peers;

public class PeerMethodTests
{
    private static readonly TimeSpan Late = TimeSpan.FromHours(1);

    [Theory]
    [InlineData(100, 100, 1, Phase.Progressing)]
    [InlineData(100, 40, 0, Phase.RolledBack)]
    [InlineData(100, 95, 0, Phase.Progressing)]
    [InlineData(100, 94, 0, Phase.RolledBack)]
    [InlineData(49, 0, 0, Phase.Progressing)]
    [InlineData(50, 0, 0, Phase.RolledBack)]
    public void Agent_canary_promotes_holds_and_rolls_back_as_its_own_tests_say(int answers, int good, int stage, Phase phase)
    {
        var method = new PythonMethod(SomeWorld.Standard, TimeSpan.Zero);
        Answer(method, Arm.Control, 100, 0);
        Answer(method, Arm.Canary, good, answers - good);
        method.Judge(Late);
        Assert.Equal((stage, phase), (method.Stage, method.Phase));
    }

    [Fact]
    public void Agent_canary_waits_for_its_time_and_its_answers_in_each_stage()
    {
        var method = new PythonMethod(SomeWorld.Standard, TimeSpan.Zero);
        Answer(method, Arm.Canary, 50, 0);
        method.Judge(TimeSpan.FromSeconds(299));
        Assert.Equal(0, method.Stage);
        method.Judge(TimeSpan.FromSeconds(300));
        Assert.Equal(1, method.Stage);
        method.Judge(Late); // the counts begin anew
        Assert.Equal(1, method.Stage);
    }

    [Fact]
    public void Agent_canary_looks_once_a_minute()
    {
        var method = new PythonMethod(SomeWorld.Standard, PythonMethod.EveryMinute);
        Answer(method, Arm.Control, 100, 0);
        Answer(method, Arm.Canary, 40, 60);
        method.Judge(TimeSpan.FromSeconds(59));
        Assert.Equal(Phase.Progressing, method.Phase);
        method.Judge(TimeSpan.FromSeconds(60));
        Assert.Equal(Phase.RolledBack, method.Phase);
    }

    [Fact]
    public void Flagger_rolls_back_with_the_tick_after_the_fifth_failed_check_however_many_were_good_between()
    {
        var method = new FlaggerMethod(SomeWorld.Rollout([.. Enumerable.Repeat((5.0, TimeSpan.Zero, 0), 9)]));
        for (var minute = 1; minute <= 9; minute++)
        {
            Answer(method, Arm.Canary, 98, minute % 2 == 0 ? 0 : 2);
            method.Judge(TimeSpan.FromMinutes(minute));
        }
        Assert.Equal((4, Phase.Progressing), (method.Stage, method.Phase));
        method.Judge(TimeSpan.FromMinutes(10));
        Assert.Equal(Phase.RolledBack, method.Phase);
    }

    [Fact]
    public void Flagger_counts_a_minute_without_requests_as_a_failed_check()
    {
        var method = new FlaggerMethod(SomeWorld.Short);
        for (var second = 1; second <= 359; second++) method.Judge(TimeSpan.FromSeconds(second));
        Assert.Equal(Phase.Progressing, method.Phase);
        method.Judge(TimeSpan.FromSeconds(360));
        Assert.Equal(Phase.RolledBack, method.Phase);
    }

    [Fact]
    public void Argo_aborts_with_the_fourth_failed_measurement_and_moves_by_its_pauses()
    {
        var method = new ArgoMethod(SomeWorld.Standard);
        for (var measurement = 1; measurement <= 4; measurement++)
        {
            Assert.Equal((measurement == 1 ? 0 : measurement < 4 ? 1 : 2, Phase.Progressing), (method.Stage, method.Phase));
            Answer(method, Arm.Canary, 94, 6);
            method.Judge(TimeSpan.FromMinutes(5 * measurement));
        }
        Assert.Equal(Phase.RolledBack, method.Phase);
    }

    [Fact]
    public void Argo_aborts_with_the_fifth_error_in_a_row_where_no_request_was_ever_seen()
    {
        var method = new ArgoMethod(SomeWorld.Rollout((5, Late, 0)));
        for (var second = 1; second <= 339; second++) method.Judge(TimeSpan.FromSeconds(second));
        Assert.Equal(Phase.Progressing, method.Phase);
        method.Judge(TimeSpan.FromSeconds(340));
        Assert.Equal(Phase.RolledBack, method.Phase);
    }

    [Fact]
    public void Kayenta_judges_as_often_as_fills_the_bake_time()
    {
        var method = new KayentaMethod(SomeWorld.Rollout((5, TimeSpan.FromMinutes(15), 0), (50, TimeSpan.FromMinutes(5), 0)));
        var entered = new Dictionary<int, int>();
        for (var second = 1; second <= 1200; second++)
        {
            Answer(method, Arm.Control, 19, second % 7 == 0 ? 1 : 0);
            Answer(method, Arm.Canary, 1, second % 139 == 0 ? 1 : 0);
            method.Judge(TimeSpan.FromSeconds(second));
            entered.TryAdd(method.Stage, second);
        }
        Assert.Equal((900, 1200, Phase.Completed), (entered[1], entered[2], method.Phase));
    }

    [Fact]
    public void Stages_for_cohorts_are_left_out()
    {
        var spec = SomeWorld.Short with { Stages = [new(Weight.Full) { Cohorts = ["internal"] }, .. SomeWorld.Short.Stages] };
        Assert.Equal((1, Phase.Progressing), (new PythonMethod(spec, TimeSpan.Zero).Stage, new PythonMethod(spec, TimeSpan.Zero).Phase));
    }

    private static void Answer(RolloutMethod method, Arm arm, int good, int failed)
    {
        for (var i = 0; i < good + failed && !method.IsOver; i++)
            method.End(new() { Arm = arm }, new() { Class = i < good ? OutcomeClass.Ok : OutcomeClass.ErrorUpstream }, TimeSpan.Zero);
    }
}
