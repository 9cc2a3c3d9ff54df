using AgentCanary.Control;

namespace AgentCanary.Core.Tests.Control;

public sealed class ReportRuleTests
{
    private static readonly Assignment Served = new() { Version = "v1.1.0", Arm = Arm.Canary, Attempt = 1, Stage = 0 };

    [Theory]
    [InlineData(Phase.Progressing, ReportFate.Counted)]
    [InlineData(Phase.Paused, ReportFate.Counted)]
    [InlineData(Phase.Completed, ReportFate.Counted)]
    [InlineData(Phase.RolledBack, ReportFate.Over)]
    [InlineData(Phase.Pending, ReportFate.Over)]
    public void A_report_counts_for_what_served_while_the_attempt_goes_on_or_has_completed(Phase phase, ReportFate fate) =>
        Assert.Equal(fate, ReportRule.Judge(Some.State(phase, stage: 2), Served, TimeSpan.FromDays(7)));

    [Fact]
    public void A_report_more_than_a_week_late_is_too_old() =>
        Assert.Equal(ReportFate.TooOld, ReportRule.Judge(Some.State(Phase.Progressing), Served, TimeSpan.FromDays(7) + TimeSpan.FromMilliseconds(1)));

    [Fact]
    public void Another_attempt_and_a_stage_that_is_none_are_over()
    {
        Assert.Equal(ReportFate.Over, ReportRule.Judge(Some.State(Phase.Progressing) with { Attempt = 2 }, Served, default));
        Assert.Equal(ReportFate.Over, ReportRule.Judge(Some.State(Phase.Progressing), Served with { Stage = 3 }, default));
    }

    [Fact]
    public void What_counts_for_neither_side_counts_for_neither_side_later()
    {
        Assert.Equal(ReportFate.Outside, ReportRule.Judge(Some.State(Phase.Progressing), Served with { Arm = Arm.Outside }, default));
        Assert.Equal(ReportFate.Outside, ReportRule.Judge(Some.State(Phase.Progressing), Served with { StartTick = -2 }, default));
    }
}
