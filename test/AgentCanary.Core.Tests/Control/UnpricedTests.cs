using AgentCanary.Analysis;
using AgentCanary.Control;
using AgentCanary.Spec;

namespace AgentCanary.Core.Tests.Control;

/// <summary>Answers that should have told their cost or their tokens and did not: they are left out, and too many of them are no data.</summary>
public sealed class UnpricedTests
{
    private const int Seconds = 200;

    [Theory, InlineData(AnalysisMode.Point), InlineData(AnalysisMode.Sequential)]
    public void A_canary_that_is_twice_as_dear_is_rolled_back(AnalysisMode mode)
    {
        var result = Run(mode, canary: call => Priced(call, 2));
        Assert.Equal(Verdict.Fail, result.Verdict);
        Assert.Contains("cost", result.Reason, StringComparison.Ordinal);
    }

    [Theory, InlineData(AnalysisMode.Point), InlineData(AnalysisMode.Sequential)]
    public void A_canary_whose_dear_answers_have_no_price_is_not_promoted_for_the_cheap_ones(AnalysisMode mode)
    {
        var result = Run(mode, canary: call => call % 5 == 0 ? Unpriced : Priced(call));
        Assert.Equal(Verdict.Inconclusive, result.Verdict);
        Assert.Matches("'cost_per_request_increase < 0.5' has no data: [0-9,]+ of [0-9,]+ canary answers have no price \\(add 'gpt-new' under prices\\)", result.Reason);
    }

    [Theory, InlineData(AnalysisMode.Point), InlineData(AnalysisMode.Sequential)]
    public void A_canary_whose_dear_answers_name_several_models_is_not_promoted_for_the_cheap_ones(AnalysisMode mode)
    {
        var result = Run(mode, canary: call => call % 5 == 0 ? Unpriced with { Model = "" } : Priced(call));
        Assert.Equal(Verdict.Inconclusive, result.Verdict);
        Assert.Matches("has no data: [0-9,]+ of [0-9,]+ canary answers have no price \\(they must name one model, and that be under prices\\)", result.Reason);
    }

    [Theory, InlineData(AnalysisMode.Point), InlineData(AnalysisMode.Sequential)]
    public void A_canary_is_not_rolled_back_for_the_few_answers_that_have_a_price(AnalysisMode mode)
    {
        var result = Run(mode, canary: call => call % 2 == 0 ? Unpriced : Priced(call, 3));
        Assert.Equal(Verdict.Inconclusive, result.Verdict);
    }

    [Theory, InlineData(AnalysisMode.Point), InlineData(AnalysisMode.Sequential)]
    public void What_stable_leaves_out_counts_as_much(AnalysisMode mode)
    {
        var result = Run(mode, canary: Priced, stable: call => call % 5 == 0 ? Silent : Priced(call));
        Assert.Equal(Verdict.Inconclusive, result.Verdict);
        Assert.Matches("[0-9,]+ of [0-9,]+ stable answers told no usage", result.Reason);
    }

    [Theory, InlineData(AnalysisMode.Point), InlineData(AnalysisMode.Sequential)]
    public void A_few_answers_without_a_price_are_left_out_and_told(AnalysisMode mode)
    {
        var result = Run(mode, canary: call => call % 50 == 0 ? Unpriced : Priced(call));
        Assert.Equal(Verdict.Pass, result.Verdict);
        Assert.Matches("left out: [0-9]+ of [0-9,]+ canary answers have no price", result.Checks[0].Reason);
        Assert.Equal(0.015, result.Checks[0].Canary!.Value, 0.002); // not less: nobody divides by those that are left out
    }

    [Theory]
    [InlineData(AnalysisMode.Point, NoData.Pass, Verdict.Pass)]
    [InlineData(AnalysisMode.Sequential, NoData.Pass, Verdict.Pass)]
    [InlineData(AnalysisMode.Point, NoData.Fail, Verdict.Fail)]
    [InlineData(AnalysisMode.Sequential, NoData.Fail, Verdict.Fail)]
    public void What_becomes_of_a_check_without_prices_the_file_says(AnalysisMode mode, NoData noData, Verdict expected) =>
        Assert.Equal(expected, Run(mode, canary: _ => Unpriced, noData: noData).Verdict);

    [Theory, InlineData(AnalysisMode.Point), InlineData(AnalysisMode.Sequential)]
    public void What_no_model_answered_lacks_nothing(AnalysisMode mode) =>
        Assert.Equal(Verdict.Pass, Run(mode, canary: call => call % 2 == 0 ? default : Priced(call)).Verdict);

    [Fact]
    public void Answers_that_told_no_usage_do_not_lower_the_tokens_of_a_request()
    {
        var result = Run(AnalysisMode.Point, canary: call => call % 50 == 0 ? Silent : Priced(call), check: "tokens_per_request < 600");
        Assert.Equal((Verdict.Pass, 500), (result.Verdict, result.Checks[0].Canary!.Value));
    }

    [Theory, InlineData(false, 0), InlineData(true, 0), InlineData(true, 1)]
    public void What_too_many_answers_did_not_tell_rolls_nobody_back_in_the_next_stage_either(bool isRestarted, int formsBack)
    {
        var run = Begin(AnalysisMode.Sequential, Check.Parse("cost_per_request_increase < 0.5"));
        var before = Serve(run, canary: call => call % 5 < 2 ? Unpriced : Priced(call, 3));
        Assert.Equal(Verdict.Inconclusive, before.Verdict);
        if (isRestarted) run = Restarted(run, formsBack);

        run = run.Enter(run.State with { Stage = 1, Revision = run.State.Revision + 1 }, isCanaryDown: false, TimeSpan.FromSeconds(Seconds));
        if (isRestarted) run = Restarted(run, formsBack: 0);
        var entered = run.Analyze(TimeSpan.FromSeconds(Seconds + 1));

        Assert.Equal(Verdict.Inconclusive, entered.Verdict);
        Assert.Matches("'cost_per_request_increase < 0.5' has no data: [0-9,]+ of [0-9,]+ canary answers have no price", entered.Checks[0].Reason);
    }

    [Fact]
    public void Where_almost_all_answers_of_the_next_stage_tell_their_cost_a_dear_canary_is_rolled_back()
    {
        var run = Begin(AnalysisMode.Sequential, Check.Parse("cost_per_request_increase < 0.5"));
        Serve(run, canary: call => call < 50 ? Unpriced : Priced(call), seconds: 20);
        run = run.Enter(run.State with { Stage = 1, Revision = run.State.Revision + 1 }, isCanaryDown: false, TimeSpan.FromSeconds(20));
        Assert.Equal(Verdict.Fail, Serve(run, canary: call => Priced(call, 3), from: 20).Verdict);
    }

    private static Outcome Unpriced => new() { Model = "gpt-new", Tokens = 500 };

    private static Outcome Silent => new() { Model = "gpt-x" };

    // Costs scatter around 0.015.
    private static Outcome Priced(int call) => Priced(call, 1);

    private static Outcome Priced(int call, double times) => new() { Model = "gpt-x", Tokens = 500, Cost = times * (call % 3 == 0 ? 0.01 : call % 3 == 1 ? 0.015 : 0.02) };

    private static AnalysisResult Run(
        AnalysisMode mode, Func<int, Outcome> canary, Func<int, Outcome>? stable = null, NoData noData = NoData.Hold, string check = "cost_per_request_increase < 0.5") =>
        Serve(Begin(mode, Check.Parse(check) with { NoData = noData }), canary, stable);

    private static StageRun Begin(AnalysisMode mode, Check check) => StageRun.Begin(Started(mode, check), null, TimeSpan.Zero, new());

    // As the version before this one wrote it, for a form back: without the two counts at its end.
    private static StageRun Restarted(StageRun run, int formsBack)
    {
        var bytes = run.Evidence.ToBytes();
        bytes[0] -= (byte)formsBack;
        return StageRun.Begin(run.State, Evidence.Read(bytes), TimeSpan.FromSeconds(Seconds), new());
    }

    private static AnalysisResult Serve(StageRun run, Func<int, Outcome> canary, Func<int, Outcome>? stable = null, int from = 0, int seconds = Seconds)
    {
        var result = new AnalysisResult();
        for (var second = from; second < from + seconds && result.Verdict is not Verdict.Fail; second++)
        {
            for (var i = 0; i < 20; i++)
            {
                var (arm, call) = (i % 2 == 0 ? Arm.Canary : Arm.Control, (second * 10) + (i / 2));
                var outcome = arm is Arm.Canary ? canary(call) : (stable ?? Priced)(call);
                run.Record(run.Begin(arm, null), outcome with { Latency = TimeSpan.FromMilliseconds(10) });
            }
            result = run.Analyze(TimeSpan.FromSeconds(second + 1));
        }
        return result;
    }

    private static RolloutState Started(AnalysisMode mode, Check check)
    {
        var created = RolloutMachine.Create(
            new()
            {
                Agent = "support-agent",
                Stable = new("v1"),
                Canary = new("v2"),
                Stages = [new(Weight.FromPercent(50)) { Name = "half", Checks = [check] }, new(Weight.FromPercent(80)) { Name = "most", Checks = [check] }, new(Weight.Full) { Name = "full" }],
                Analysis = new() { Mode = mode },
            },
            pepper: 0, DateTimeOffset.UnixEpoch).Next;
        return RolloutMachine.After(created, RolloutMachine.Decide(created, analysis: null, new RolloutCommand.Start()), DateTimeOffset.UnixEpoch)!.Next;
    }
}
