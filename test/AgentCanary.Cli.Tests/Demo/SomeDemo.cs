using System.Collections.Immutable;
using AgentCanary.Cli.Demo;
using AgentCanary.Server.Api;

namespace AgentCanary.Cli.Tests.Demo;

/// <summary>Finished demos to judge and to report.</summary>
internal static class SomeDemo
{
    public static readonly DateTimeOffset Noon = new(2026, 1, 1, 12, 0, 0, TimeSpan.Zero);

    public static DemoScenario Scenario(string name) => DemoScenario.All.Single(scenario => scenario.Name == name);

    public static RolloutView Rollout(string phase, int stage = 0, string reason = "because | so") => new()
    {
        Agent = "support-agent",
        Phase = phase,
        Stage = new StageView(stage, "initial", 500, Noon.UtcDateTime),
        Stages = 4,
        WeightBp = 500,
        Attempt = 1,
        Revision = 3,
        Stable = new VersionView("v1.0.0"),
        Canary = new VersionView("v1.1.0"),
        Decision = "Hold",
        Reason = reason,
        Durable = true,
        Checks = [Check()],
        Arms = new ArmsView(new ArmView(50, 20, 0.6, 120, 210, 300, 30), new ArmView(950, 4, 0.996, 121, 212, 301, 400)),
    };

    public static CheckView Check() => new("success_rate >= 0.92", "Fail", 0.6, 0.996, null, null, null, null, 50, 950, null, null, 0.92, "too low");

    public static EventView Event(string type, double seconds) => new(
        "support-agent", 2, Noon.AddSeconds(seconds).UtcDateTime, type, "controller", "because | so", 1, 0, 0, [Check()], "ab");

    public static DemoResult Result(string scenario, RolloutView rollout, CrowdFigures? users = null, params EventView[] events) => new()
    {
        Options = new DemoOptions(Scenario(scenario), DemoOptions.DefaultSeconds, Seed: 1, Json: false, Report: null),
        Rollout = rollout,
        Events = [.. events],
        Users = users ?? new CrowdFigures
        {
            Stable = new VersionCount { Requests = 9_000, Failed = 30, Refused = 180, Helped = 8_370, Thumbs = 4_000, ThumbsUp = 3_560 },
            Canary = new VersionCount { Requests = 600, Failed = 4, Refused = 72, Helped = 300, Thumbs = 200, ThumbsUp = 110 },
            FirstThumb = Noon.AddSeconds(3),
        },
        Began = Noon,
        Lasted = TimeSpan.FromSeconds(40),
        Terms = "agent: support-agent\n",
        Data = new Uri("http://127.0.0.1:1/"),
        Admin = new Uri("http://127.0.0.1:2/"),
    };
}
