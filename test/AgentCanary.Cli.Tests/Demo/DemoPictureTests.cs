using AgentCanary.Cli.Demo;
using Spectre.Console;

namespace AgentCanary.Cli.Tests.Demo;

public sealed class DemoPictureTests
{
    [Theory]
    [InlineData("Progressing", 1, "✓ 5 % ━━━━ ● 25 % ━━── ○ 50 % ──── ○ 100 % ────  Progressing")]
    [InlineData("RolledBack", 1, "✓ 5 % ━━━━ ✗ 25 % ○ 50 % ──── ○ 100 % ────  RolledBack everybody is back on stable")]
    [InlineData("Completed", 3, "✓ 5 % ━━━━ ✓ 25 % ━━━━ ✓ 50 % ━━━━ ✓ 100 % ━━━━  Completed")]
    public void The_bar_shows_what_is_passed_present_and_to_come(string phase, int stage, string expected) =>
        Assert.Equal(expected, Markup.Remove(DemoPicture.Stages(SomeDemo.Rollout(phase, stage))));

    [Fact]
    public void The_picture_shows_both_arms_the_decision_and_what_the_users_see()
    {
        using var output = new StringWriter();
        var console = AnsiConsole.Create(new AnsiConsoleSettings { Ansi = AnsiSupport.No, ColorSystem = ColorSystemSupport.NoColors, Out = new AnsiConsoleOutput(output) });
        console.Profile.Width = 120;
        var users = new CrowdFigures { Stable = new VersionCount { Requests = 2_000, Failed = 7 }, Canary = new VersionCount { Requests = 100, Helped = 53, Refused = 12, Withheld = 2, Thumbs = 40, ThumbsUp = 22 } };
        console.Write(DemoPicture.Draw(SomeDemo.Rollout("Progressing", reason: "needs [31] more"), users, TimeSpan.FromSeconds(10)));
        var picture = output.ToString();
        Assert.Contains("40.0 %", picture, StringComparison.Ordinal);
        Assert.Matches(@"v1\.1\.0\s+│?\s*53\.0 %\s+│?\s*12\.0 %\s+│?\s*2\s+│?\s*55\.0 % of 40", picture);
        Assert.Contains("212 ms", picture, StringComparison.Ordinal);
        Assert.Contains("Hold: needs [31] more", picture, StringComparison.Ordinal);
        Assert.Contains("10 s, 2,100 requests, 210/s; users saw 7 errors", picture, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Lines_come_when_the_stage_changes_and_every_five_seconds()
    {
        using var output = new StringWriter();
        var view = new PlainView(SomeDemo.Result("healthy", SomeDemo.Rollout("Progressing")).Options, output);
        view.Show(SomeDemo.Rollout("Progressing"), new CrowdFigures(), TimeSpan.FromSeconds(1));
        view.Show(SomeDemo.Rollout("Progressing"), new CrowdFigures(), TimeSpan.FromSeconds(2));
        view.Show(SomeDemo.Rollout("Progressing", 1), new CrowdFigures(), TimeSpan.FromSeconds(3));
        view.Show(SomeDemo.Rollout("Progressing", 1), new CrowdFigures(), TimeSpan.FromSeconds(7));
        view.Show(SomeDemo.Rollout("Progressing", 1), new CrowdFigures(), TimeSpan.FromSeconds(9));
        await view.EndAsync();
        Assert.Equal(["  1.0 s", "  3.0 s", "  9.0 s"], output.ToString().Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => line[..7]));
    }
}
