using System.Globalization;

namespace AgentCanary.Cli.Demo;

/// <summary>Writes the rollout file of the demo: its own terms, short enough to watch.</summary>
/// <remarks>
/// The terms leave real margins. At 240 requests a second the first stage gives the canary 12. A check may fail from 50 canary requests on, so
/// with 0.4 % errors the bound of 8 % takes 5 of 50, which happens by chance in fewer than one run of 50,000, all stages and looks together.
/// The median carries the latency rule, since a stall of the machine moves a 95th percentile of 50 requests but not their median; the 95th percentile only warns.
/// </remarks>
internal static class DemoTerms
{
    public const string Agent = "support-agent";
    public const string StableVersion = "v1.0.0";
    public const string CanaryVersion = "v1.1.0";

    /// <summary>The stages' weights in percent, in order.</summary>
    public static IReadOnlyList<int> Percents { get; } = [5, 25, 50, 100];

    /// <param name="stable">The address of the stable agent.</param>
    /// <param name="canary">The address of the new agent.</param>
    /// <param name="seconds">About how long the whole rollout takes.</param>
    public static string Write(Uri stable, Uri canary, int seconds)
    {
        // Three bakes and a half, and about a fifth of the time for starting, deciding and the aftermath.
        var bake = seconds * 0.8 / 3.5;
        return string.Create(CultureInfo.InvariantCulture, $$"""
            agent: {{Agent}}
            stable: { version: {{StableVersion}}, url: "{{stable.GetLeftPart(UriPartial.Authority)}}" }
            canary: { version: {{CanaryVersion}}, url: "{{canary.GetLeftPart(UriPartial.Authority)}}" }
            sticky: { key: [ header:x-user-id ] }
            stages:
            {{Compared("initial", 5, bake, 100)}}
            {{Compared("quarter", 25, bake, 300)}}
            {{Compared("half", 50, bake, 600)}}
              - { name: full, weight: 100%, bake: {{bake / 2:0.#}}s, min_requests: 200, checks: [ safety_violations == 0, success_rate >= 0.92 ] }
            analysis: { mode: point, margin: 0.05, outcome_deadline: 10s }
            health: { path: /healthz, interval: 5s }

            """);
    }

    private static string Compared(string name, int percent, double bake, int requests) => string.Create(CultureInfo.InvariantCulture, $$"""
          - { name: {{name}}, weight: {{percent}}%, bake: {{bake:0.#}}s, min_requests: {{requests}}, min_users: 10, checks: [
              safety_violations == 0, success_rate >= 0.92, error_rate_delta < 0.10, p50_latency_increase < 1.0,
              { check: p95_latency_increase < 1.0, on_fail: warn } ] }
        """);
}
