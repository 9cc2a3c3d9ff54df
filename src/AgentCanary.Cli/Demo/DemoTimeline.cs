using System.Globalization;
using AgentCanary.Server.Api;

namespace AgentCanary.Cli.Demo;

/// <summary>What happened when, in lines for the terminal.</summary>
internal static class DemoTimeline
{
    /// <summary>Gets the lines in the order of time: what was decided, and when the new version's first thumb came.</summary>
    public static IEnumerable<string> Of(DemoResult result) => result.Events
        .Select(happened => (After(happened.At, result), What(happened)))
        .Concat(result.Users.FirstThumb is { } thumb ? [(After(thumb.UtcDateTime, result), $"the first thumb of {DemoTerms.CanaryVersion}'s users came")] : Array.Empty<(double, string)>())
        .OrderBy(line => line.Item1)
        .Select(line => string.Create(CultureInfo.InvariantCulture, $"{Math.Max(0, line.Item1),6:0.0} s  {line.Item2}"));

    private static double After(DateTime at, DemoResult result) => (at - result.Began.UtcDateTime).TotalSeconds;

    private static string What(EventView happened) => happened.Type is "stage_entered" && happened.ToStage < DemoTerms.Percents.Count
        ? string.Create(CultureInfo.InvariantCulture, $"{DemoTerms.CanaryVersion} gets {DemoTerms.Percents[happened.ToStage]} % of the users")
        : happened.Type.Replace('_', ' ');
}
