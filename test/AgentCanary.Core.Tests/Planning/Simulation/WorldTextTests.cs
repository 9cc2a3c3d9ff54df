using AgentCanary.Planning.Simulation;

namespace AgentCanary.Core.Tests.Planning.Simulation;

public class WorldTextTests
{
    [Theory]
    [InlineData("stable", "eror_rate=0.1", "--stable: 'eror_rate' is not a metric: did you mean 'error_rate'?")]
    [InlineData("canary", "drift=3", "--canary: drift is '3': write FROM..TO/TIME, such as drift=0.5%..2.5%/24h")]
    [InlineData("both", "wave=0..2%/24h", "--both: wave's first rate is '0%': write a share above 0 and below 1, such as 0.02 or 2%")]
    [InlineData("both", "wave=1%..200%/24h", "--both: wave's second rate is '200%': write a share above 0 and below 1")]
    [InlineData("both", "wave=1%..2%/0s", "--both: wave's time: '0s' is outside 1s to 365d")]
    [InlineData("both", "incident=20%", "--both: incident is '20%': write SHARE@START+LENGTH, such as incident=20%@1h+10m")]
    [InlineData("both", "incident=20%@x+10m", "--both: incident's start: 'x' is not a duration")]
    [InlineData("canary", "late=25", "--canary: late: '25' has no unit: write 25s or 25m")]
    [InlineData("canary", "late=25m,late=26m", "--canary: late is given twice: write it once")]
    [InlineData("stable", "late=25m", "--stable: late is the canary's: write it in --canary")]
    [InlineData("both", "share=1.2", "--both: share is the canary's: write it in --canary")]
    [InlineData("canary", "share=NaN", "--canary: share is 'NaN': write how much of its weight the canary really gets, such as 1.2")]
    [InlineData("stable", "icc=0.1", "--stable: icc is of all users: write it in --both")]
    [InlineData("both", "icc=0.1", "--both: icc needs users who ask more than once: give --users, such as --users 4000")]
    [InlineData("stable", "error_rate=0.1~0.2", "--stable: error_rate has no spread of its own: write error_rate=0.1")]
    [InlineData("stable", "score.quality=0.8~0.5", "--stable: score.quality cannot scatter by 0.5 about 0.8: write less than 0.4")]
    [InlineData("stable", "score.quality=0.8~much", "--stable: the spread of score.quality is 'much': write a standard deviation of 0 or more, such as 0.12")]
    [InlineData("stable", "mean_latency=1s", "--stable: mean_latency follows from the percentiles: give p50_latency and p95_latency")]
    [InlineData("stable", "shadow_agreement=0.9", "--stable: shadow_agreement cannot be simulated yet: leave it out")]
    [InlineData("stable", "error_rate=0.6,refusal_rate=0.5", "--stable: error_rate, refusal_rate, truncation_rate and tool_error_rate are more than 1 together")]
    [InlineData("stable", "error_rate=0.01,stream_break_rate=0.5", "--stable: stream_break_rate is above error_rate")]
    [InlineData("stable", "error_rate=0,drift=1%..2%/1h", "--stable: drift and wave move the odds of a failure, so error_rate must be above 0 and below 1")]
    [InlineData("stable", "error_rate=0.1,,", "--stable: '' is not a figure")]
    public void What_cannot_be_is_refused_with_what_would_be_right(string list, string text, string expected)
    {
        var (world, faults) = World.Read(new(5, list == "stable" ? text : "", list == "canary" ? text : "", list == "both" ? text : ""));
        Assert.Null(world);
        Assert.Contains(faults, fault => fault.Contains(expected, StringComparison.Ordinal));
    }

    [Fact]
    public void Figures_in_two_lists_of_one_version_are_refused_once_each()
    {
        var (_, faults) = World.Read(new(5, "error_rate=0.1", "", "error_rate=0.2"));
        Assert.Equal("--stable with --both: error_rate is given twice: write it once", Assert.Single(faults));
    }

    [Fact]
    public void Every_fault_of_every_list_is_told_at_once()
    {
        var (_, faults) = World.Read(new(5, "eror_rate=0.1,drift=3", "late=x", "foo,icc=2") { Users = 0 });
        Assert.Equal(6, faults.Length);
    }
}
