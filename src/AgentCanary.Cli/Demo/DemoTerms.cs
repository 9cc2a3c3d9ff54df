using System.Globalization;

namespace AgentCanary.Cli.Demo;

/// <summary>Writes the rollout file of the demo: its own terms, short enough to watch.</summary>
/// <remarks>
/// The terms are judged as any rollout file's are, by evidence, and leave margins that a few seconds can prove. At 240 requests a second the first stage gives the canary 12. With 0.4 % errors about 70
/// canary requests show that it fails at most 8 %, and fewer that it is not ten points worse.
/// The median carries the latency rule, since a stall of the machine moves a 95th percentile but not the median; the 95th percentile only warns. Its bound is a number and not stable's: a percentile that is
/// frozen while two processes have just started on a slow machine is worth nothing later. Their first second is no evidence for the same reason.
/// Thumbs come an hour after the answers, so a stage waits that long for them after it has baked. Half of the canary's thumbs pointing down is found by about 90 of them, and an equal canary is shown by as many.
/// A new version may well decline more of what it should, so refusals only warn.
/// </remarks>
internal static class DemoTerms
{
    public const string Agent = "support-agent";
    public const string StableVersion = "v1.0.0";
    public const string CanaryVersion = "v1.1.0";

    /// <summary>The score that a thumb is: 1 up, 0 down.</summary>
    public const string Score = "user_satisfaction";

    /// <summary>The stages' weights in percent, in order.</summary>
    public static IReadOnlyList<int> Percents { get; } = [5, 25, 50, 100];

    /// <param name="stable">The address of the stable agent.</param>
    /// <param name="canary">The address of the new agent.</param>
    /// <param name="options">How long the whole rollout takes, and an hour of it.</param>
    public static string Write(Uri stable, Uri canary, DemoOptions options)
    {
        // Three bakes and a half and an hour for the thumbs after three of them; the rest of the time goes to the evidence in the first stage, to deciding and to the aftermath.
        var hour = options.Hour.TotalSeconds;
        var bake = ((options.Seconds * 0.7) - (3 * hour)) / 3.5;
        return string.Create(CultureInfo.InvariantCulture, $$"""
            agent: {{Agent}}
            stable: { version: {{StableVersion}}, url: "{{stable.GetLeftPart(UriPartial.Authority)}}" }
            canary: { version: {{CanaryVersion}}, url: "{{canary.GetLeftPart(UriPartial.Authority)}}" }
            sticky: { key: [ header:x-user-id ] }
            stages:
            {{Compared("initial", 5, bake, hour, 100)}}
            {{Compared("quarter", 25, bake, hour, 300)}}
            {{Compared("half", 50, bake, hour, 600)}}
              - { name: full, weight: 100%, bake: {{bake / 2:0.#}}s, min_requests: 200, checks: [ safety_violations == 0, success_rate >= 0.92 ] }
            analysis: { outcome_deadline: 10s, warm_up: 1s }
            health: { path: /healthz, interval: 5s }

            """);
    }

    private static string Compared(string name, int percent, double bake, double hour, int requests) => string.Create(CultureInfo.InvariantCulture, $$"""
          - { name: {{name}}, weight: {{percent}}%, bake: {{bake:0.#}}s, score_grace: {{hour:0.#}}s, min_requests: {{requests}}, min_users: 10, checks: [
              safety_violations == 0, success_rate >= 0.92, error_rate_delta < 0.10, p50_latency < 300ms,
              {{Score}}_delta > -0.15, { check: refusal_rate_delta < 0.05, on_fail: warn }, { check: p95_latency_increase < 1.0, on_fail: warn } ] }
        """);
}
