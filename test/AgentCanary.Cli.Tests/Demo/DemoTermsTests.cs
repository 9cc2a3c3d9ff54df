using System.Text;
using AgentCanary.Cli.Demo;
using AgentCanary.Server.Files;
using AgentCanary.Spec;

namespace AgentCanary.Cli.Tests.Demo;

public sealed class DemoTermsTests
{
    [Theory]
    [InlineData(DemoOptions.FewestSeconds)]
    [InlineData(DemoOptions.DefaultSeconds)]
    [InlineData(DemoOptions.MostSeconds)]
    public void The_demos_file_is_accepted_and_its_bakes_and_waits_for_thumbs_fit_into_the_time(int seconds)
    {
        var file = DemoTerms.Write(new Uri("http://127.0.0.1:9101/"), new Uri("http://127.0.0.1:9102/"), SomeDemo.Result("healthy", SomeDemo.Rollout("Progressing")).Options with { Seconds = seconds });
        var result = RolloutFiles.Read([("rollout.yaml", Encoding.UTF8.GetBytes(file))]);
        Assert.Empty(result.Faults);
        var spec = Assert.Single(result.Specs);
        Assert.Equal(DemoTerms.Percents.Select(percent => Weight.FromPercent(percent)), spec.Stages.Select(stage => stage.Weight));
        var least = spec.Stages.Aggregate(TimeSpan.Zero, (sum, stage) => sum + stage.LeastTime);
        Assert.InRange(least.TotalSeconds, 0.65 * seconds, 0.75 * seconds);
        Assert.Equal((AnalysisMode.Sequential, TimeSpan.FromSeconds(10)), (spec.Analysis.Mode, spec.Analysis.OutcomeDeadline));
    }
}
