using System.Text.Json.Nodes;
using AgentCanary.Cli.Demo;

namespace AgentCanary.Cli.Tests.Demo;

public sealed class DemoReportTests
{
    private static readonly DemoResult RolledBack = SomeDemo.Result(
        "regression", SomeDemo.Rollout("RolledBack"), null, SomeDemo.Event("stage_entered", -1), SomeDemo.Event("rolled_back", 4.26));

    [Fact]
    public void The_report_says_what_was_decided_when_and_on_which_figures()
    {
        var report = DemoReport.Write(RolledBack, DemoVerdict.Of(RolledBack));
        Assert.Contains("| 4.3 s | rolled_back | 0 → 0 | controller | because \\| so |", report, StringComparison.Ordinal);
        Assert.Contains("### 4.3 s: rolled_back, on these figures", report, StringComparison.Ordinal);
        Assert.Contains("| `success_rate >= 0.92` | Fail | 0.6 | 0.996 | 0.92 | 50 | 950 |", report, StringComparison.Ordinal);
        Assert.Contains("| v1.1.0 | 600 | 4 | 0 | 0 | 72 | 300 | 200 | 55.0 % |", report, StringComparison.Ordinal);
        Assert.Contains("```yaml\nagent: support-agent\n```", report, StringComparison.Ordinal);
        Assert.Contains(DemoVerdict.Of(RolledBack).Sentence, report, StringComparison.Ordinal);
    }

    [Fact]
    public void The_report_says_in_sentences_whom_each_version_helped_and_what_users_said_later()
    {
        var report = DemoReport.Write(RolledBack, DemoVerdict.Of(RolledBack));
        Assert.Contains("Helped: v1.1.0 50.0 % of those who asked it, v1.0.0 93.0 %.", report, StringComparison.Ordinal);
        Assert.Contains("Refused: v1.1.0 12.0 %, v1.0.0 2.0 %.", report, StringComparison.Ordinal);
        Assert.Contains("Thumbs up, an hour later: v1.1.0 55.0 % of 200, v1.0.0 89.0 % of 4,000.", report, StringComparison.Ordinal);
        Assert.Contains("An hour is 4.5 s here.", report, StringComparison.Ordinal);
    }

    [Fact]
    public void The_timeline_is_in_the_order_of_time_with_the_first_thumb_in_it() => Assert.Equal(
        ["   0.0 s  v1.1.0 gets 5 % of the users", "   3.0 s  the first thumb of v1.1.0's users came", "   4.3 s  rolled back"], DemoTimeline.Of(RolledBack));

    [Fact]
    public void The_report_of_a_held_rollout_shows_the_checks_that_hold_it()
    {
        var held = SomeDemo.Result("flaky", SomeDemo.Rollout("Progressing"));
        Assert.Contains("### At the end: Hold, because because | so", DemoReport.Write(held, DemoVerdict.Of(held)), StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_report_goes_where_the_options_say()
    {
        var path = Path.Combine(Path.GetTempPath(), Path.GetRandomFileName());
        try
        {
            var result = RolledBack with { Options = RolledBack.Options with { Report = path } };
            Assert.Equal(path, await DemoReport.SaveAsync(result, DemoVerdict.Of(result), default));
            Assert.StartsWith("# Rollout of support-agent v1.1.0: RolledBack", await File.ReadAllTextAsync(path), StringComparison.Ordinal);
        }
        finally
        {
            File.Delete(path);
        }
    }

    [Fact]
    public void The_JSON_is_one_document_with_the_verdict_the_rollout_and_its_events()
    {
        var json = JsonNode.Parse(DemoJson.Write(RolledBack, DemoVerdict.Of(RolledBack), "/tmp/report.md"))!;
        Assert.True(json["passed"]!.GetValue<bool>());
        Assert.Equal("regression", json["scenario"]!.GetValue<string>());
        Assert.Equal("RolledBack", json["rollout"]!["phase"]!.GetValue<string>());
        Assert.Equal("rolled_back", json["events"]![1]!["type"]!.GetValue<string>());
        Assert.Equal(0.6, json["events"]![1]!["evidence"]![0]!["canary"]!.GetValue<double>());
        Assert.Equal(240.0, json["requests_per_second"]!.GetValue<double>());
        Assert.Equal(9_600, json["users"]!["requests"]!.GetValue<long>());
        Assert.Equal((300, 200, 110), (Canary("helped"), Canary("thumbs"), Canary("thumbs_up")));
        Assert.Equal(4.5, json["hour_seconds"]!.GetValue<double>());
        Assert.Null(json["reaction_ms"]);

        long Canary(string name) => json["users"]!["canary"]![name]!.GetValue<long>();
    }
}
