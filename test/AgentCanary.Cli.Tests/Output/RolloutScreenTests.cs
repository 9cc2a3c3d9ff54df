using System.Collections.Immutable;
using AgentCanary.Analysis;
using AgentCanary.Cli.Output;
using AgentCanary.Control;
using AgentCanary.Server.Api;
using AgentCanary.Testing;
using Spectre.Console;

namespace AgentCanary.Cli.Tests.Output;

public sealed class RolloutScreenTests
{
    private static RolloutView Rollout(string reason) => RolloutView.Of(FakeRollouts.Snapshot(
        new RolloutState { Spec = FakeRollouts.Spec(), Phase = Phase.Progressing, Stage = 1, StageEnteredAt = FakeRollouts.Noon, Revision = 7 }) with
    {
        Decision = new Decision.Hold(reason),
        Analysis = new AnalysisResult
        {
            Reason = "", Checks = [new CheckResult { Check = "error_rate_increase < 0.10", Verdict = Verdict.Pass, Canary = 0.0123456, Control = 0.01, CanaryCount = 1234, Reason = "[red]fine[/]" }],
        },
    });

    private static string Draw(RolloutView rollout, AnsiSupport ansi, params ImmutableArray<EventView> events)
    {
        using var text = new StringWriter();
        var console = AnsiConsole.Create(new AnsiConsoleSettings { Ansi = ansi, ColorSystem = ansi is AnsiSupport.Yes ? ColorSystemSupport.TrueColor : ColorSystemSupport.NoColors, Out = new AnsiConsoleOutput(text) });
        console.Profile.Width = 200;
        console.Write(RolloutScreen.Of(rollout, events));
        return text.ToString();
    }

    [Fact]
    public void The_screen_shows_where_the_rollout_stands_its_arms_its_checks_and_its_newest_events()
    {
        var drawn = Draw(Rollout("needs more"), AnsiSupport.No, new EventView("support-agent", 6, FakeRollouts.Noon.UtcDateTime, "stage_entered", "controller", "all checks pass", 1, 0, 1, [], ""));

        foreach (var expected in new[]
        {
            "support-agent  v1.0.0 -> v1.1.0", "Progressing", "████░░░░", "stage 2 of 4 (stage-1), 10 % canary", "Hold: needs more", "REQUESTS", "control",
            "error_rate_increase < 0.10", "Pass", "0.01235", "1,234", "[red]fine[/]", "2026-01-15 12:00:00Z stage_entered by controller, stage 1 -> 2: all checks pass",
        }) Assert.Contains(expected, drawn, StringComparison.Ordinal);
    }

    [Fact]
    public void Text_from_elsewhere_is_neither_markup_nor_a_command_to_the_terminal()
    {
        var drawn = Draw(Rollout("[bold]x\u001b]0;owned\u0007\r\n[/]"), AnsiSupport.Yes);

        Assert.Contains(@"[bold]x\u001b]0;owned\u0007\u000d\u000a[/]", drawn, StringComparison.Ordinal);
        Assert.DoesNotContain("\u001b]0", drawn, StringComparison.Ordinal);
        Assert.Contains("\u001b[", drawn, StringComparison.Ordinal);
    }
}
