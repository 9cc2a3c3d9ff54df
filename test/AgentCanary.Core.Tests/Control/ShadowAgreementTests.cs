using AgentCanary.Analysis;
using AgentCanary.Control;
using AgentCanary.Spec;
using AgentCanary.Testing;

namespace AgentCanary.Core.Tests.Control;

public sealed class ShadowAgreementTests
{
    [Theory, InlineData(AnalysisMode.Sequential), InlineData(AnalysisMode.Point)]
    public void A_shadow_stage_passes_on_agreement_fails_on_disagreement_and_waits_without_either(AnalysisMode mode)
    {
        Assert.Equal(Verdict.Inconclusive, Judge(mode, agree: 0, disagree: 0).Verdict);
        Assert.Equal(Verdict.Inconclusive, Judge(mode, agree: 20, disagree: 0).Verdict);
        Assert.Equal(Verdict.Pass, Judge(mode, agree: 200, disagree: 2).Verdict);
        Assert.Equal(Verdict.Fail, Judge(mode, agree: 100, disagree: 100).Verdict);
    }

    [Fact]
    public void No_agent_and_no_report_says_of_itself_that_it_agrees()
    {
        var run = Run(AnalysisMode.Point);
        for (var i = 0; i < 200; i++)
        {
            var served = run.Begin(Arm.Control, $"user-{i}");
            run.Record(served, new() { Class = OutcomeClass.Ok, Latency = TimeSpan.FromMilliseconds(1), Scores = [new("shadow_agreement", 1)] });
            Assert.False(run.RecordScore(served with { Arm = Arm.Canary }, new("shadow_agreement", 1)));
        }
        Assert.Equal(Verdict.Inconclusive, run.Analyze(TimeSpan.FromMinutes(30)).Verdict);
    }

    [Theory, InlineData(AnalysisMode.Sequential), InlineData(AnalysisMode.Point)]
    public void Where_the_judge_refused_more_than_one_of_twenty_pairs_the_others_are_no_data(AnalysisMode mode)
    {
        Assert.Equal(Verdict.Pass, Judge(mode, agree: 200, disagree: 2, refused: 10).Verdict);
        var result = Judge(mode, agree: 200, disagree: 2, refused: 11);
        Assert.Equal(Verdict.Inconclusive, result.Verdict);
        Assert.Contains("11 of 213 pairs the judge would not judge", result.Reason, StringComparison.Ordinal);
        Assert.Equal(Verdict.Inconclusive, Judge(mode, agree: 0, disagree: 0, refused: 200).Verdict);
        Assert.False(Run(mode).RecordScore(Run(mode).Begin(Arm.Canary, "u"), new("shadow_agreement refused", 1)));
    }

    [Fact]
    public void What_another_attempt_was_shown_does_not_count()
    {
        var run = Run(AnalysisMode.Point);
        Assert.False(run.RecordAgreement(run.Begin(Arm.Control, "u") with { Attempt = 7 }, agrees: true));
        Assert.True(run.RecordAgreement(run.Begin(Arm.Control, "u"), agrees: true));
    }

    [Fact]
    public void What_is_told_late_of_the_canary_that_was_superseded_does_not_count_for_its_successor()
    {
        var (run, now) = (Run(AnalysisMode.Point), TimeSpan.FromMinutes(1));
        var served = run.Begin(Arm.Control, "u");
        run = run.Enter(run.State with { Spec = run.State.Spec with { Canary = new("another") }, Revision = 9 }, isCanaryDown: false, now);

        Assert.False(run.RecordAgreement(served, agrees: false));
        Assert.False(run.RecordRefusedPair(served));
        Assert.False(run.RecordScore(served, new("quality", 0)));
        Assert.True(run.RecordAgreement(run.Begin(Arm.Control, "u"), agrees: true));
        Assert.True(run.RecordScore(run.Begin(Arm.Control, "u"), new("quality", 1)));
    }

    private static AnalysisResult Judge(AnalysisMode mode, int agree, int disagree, int refused = 0)
    {
        var run = Run(mode);
        // The disagreements are spread evenly.
        for (var (i, bad) = (0, 0); i < agree + disagree; i++)
        {
            var agrees = (i + 1) * disagree / (agree + disagree) == bad;
            if (!agrees) bad++;
            Assert.True(run.RecordAgreement(run.Begin(Arm.Control, $"user-{i}"), agrees));
        }
        for (var i = 0; i < refused; i++) Assert.True(run.RecordRefusedPair(run.Begin(Arm.Control, $"refused-{i}")));
        return run.Analyze(TimeSpan.FromMinutes(30));
    }

    private static StageRun Run(AnalysisMode mode)
    {
        var spec = Rollouts.Spec() with
        {
            Stages =
            [
                new(Weight.None) { Name = "shadow", Shadow = Weight.FromPercent(20), Checks = [Check.Parse("shadow_agreement > 0.9"), Check.Parse("error_rate < 0.1"), Check.Parse("score.quality > 0.5")] },
                new(Weight.Full) { Name = "full" },
            ],
            Analysis = new() { Mode = mode },
        };
        return StageRun.Begin(new() { Spec = spec, Phase = Phase.Progressing, Salt = 7 }, evidence: null, TimeSpan.Zero, new());
    }
}
