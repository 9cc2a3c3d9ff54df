using System.Globalization;

namespace AgentCanary.Cli.Demo;

/// <summary>What the users met, in sentences.</summary>
internal static class DemoSentences
{
    /// <summary>Gets the sentences, the new version's figures first.</summary>
    public static IEnumerable<string> Of(CrowdFigures users)
    {
        var (canary, stable) = (users.Canary, users.Stable);
        yield return $"Errors: {Number(users.Failed)} in {Number(users.Requests)} requests; {DemoTerms.CanaryVersion} failed {Number(canary.Failed)} of {Number(canary.Requests)}, {DemoTerms.StableVersion} {Number(stable.Failed)} of {Number(stable.Requests)}.";
        yield return $"Helped: {DemoTerms.CanaryVersion} {Share(canary.Helped, canary.Requests)} of those who asked it, {DemoTerms.StableVersion} {Share(stable.Helped, stable.Requests)}.";
        yield return $"Refused: {DemoTerms.CanaryVersion} {Share(canary.Refused, canary.Requests)}, {DemoTerms.StableVersion} {Share(stable.Refused, stable.Requests)}. Withheld for safety: {Number(canary.Withheld)} and {Number(stable.Withheld)}.";
        if (canary.Withdrawn > 0) yield return $"Withdrawn: {Number(canary.Withdrawn)} requests that {DemoTerms.CanaryVersion} was at work on when it was taken back.";
        yield return $"Thumbs up, an hour later: {DemoTerms.CanaryVersion} {Up(canary)}, {DemoTerms.StableVersion} {Up(stable)}.";
    }

    /// <summary>Writes a share of a whole, and a dash where there is no whole.</summary>
    public static string Share(long part, long whole) => whole == 0 ? "–" : ((double)part / whole).ToString("0.0 %", CultureInfo.InvariantCulture);

    /// <summary>Writes how many of the thumbs so far point up.</summary>
    public static string Up(VersionCount count) => count.Thumbs == 0 ? "none yet" : $"{Share(count.ThumbsUp, count.Thumbs)} of {Number(count.Thumbs)}";

    private static string Number(long value) => value.ToString("N0", CultureInfo.InvariantCulture);
}
