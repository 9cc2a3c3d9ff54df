using System.Collections.Immutable;
using AgentCanary.Analysis.Sequential;

namespace AgentCanary.Analysis;

/// <summary>What a stage without a verdict waits for: how many canary requests, for which check, and how long that is at the present pace. Immutable.</summary>
/// <param name="Open">How many checks have no verdict.</param>
/// <param name="Check">The place in the stage of the one that it waits for longest; -1 where none is open.</param>
/// <param name="Outlook">How many more requests decide.</param>
/// <param name="PerSecond">Canary requests a second, or null where there were none.</param>
internal sealed record Prospect(int Open, int Check, Outlook Outlook, double? PerSecond)
{
    // Fewer requests tell no pace.
    private const long EnoughForPace = 10;

    /// <summary>Looks at the checks that keep the stage.</summary>
    public static Prospect Of(AnalysisInput input, ImmutableArray<CheckResult> results, SequentialReading? reading)
    {
        var (open, check, all) = (0, -1, default(Outlook));
        for (var i = 0; i < results.Length; i++)
        {
            if (!results[i].IsGating || results[i].Verdict is not Verdict.Inconclusive) continue;
            var one = Of(input, i, reading);
            var together = open++ == 0 ? one : all.With(one);
            // The whole waits for this one: it decides, or nothing can be told of it, unlike of those before.
            if (check < 0 || (together != all && together.Sooner == one.Sooner)) check = i;
            all = together;
        }
        return new(open, check, all, Pace(input));
    }

    /// <summary>Looks at one check alone, without a pace: what is said of it rests on the evidence only, so that a restart says the same.</summary>
    /// <param name="input">The stage.</param>
    /// <param name="place">The check's place in the stage.</param>
    /// <param name="reading">The evidence.</param>
    public static Prospect OfCheck(AnalysisInput input, int place, SequentialReading reading) => new(1, place, Of(input, place, reading), PerSecond: null);

    /// <summary>Gets the time that so many requests take, or null where it cannot be told.</summary>
    public TimeSpan? Time(double requests) => requests <= 0 ? TimeSpan.Zero
        : PerSecond is > 0 and var pace && requests / pace < TimeSpan.FromDays(365_000).TotalSeconds ? TimeSpan.FromSeconds(requests / pace)
        : null;

    // Canary requests a second: over the last minutes where somebody measured them, else over the stage.
    private static double? Pace(AnalysisInput input) => input.CanaryPerSecond
        ?? (input.Canary.Finished >= EnoughForPace && input.Soak > TimeSpan.Zero ? input.Canary.Finished / input.Soak.TotalSeconds : null);

    private static Outlook Of(AnalysisInput input, int place, SequentialReading? reading)
    {
        var check = input.Checks[place];
        if (check.IsZeroTolerance) return Counted(Analyzer.CleanNeeded(check, input) - input.Canary.Counted);
        var seen = Counted(input.Stage.MinRequests - MetricReading.Of(check.Metric, input.Canary).Count);
        if (reading is null || reading.Terms.IndexOf(check) is not (>= 0 and var index)) return seen;
        var tested = Outlook.Of(reading, index, input.Stage.Weight, StablePerCanary(input));
        return input.PromotionObserved ? tested with { Promotion = seen.Promotion } : tested;
    }

    // What is only looked at takes as many requests as are asked for, and no number where it is not kept.
    private static Outlook Counted(long missing) => new(missing > 0 ? new(missing, missing) : null, null);

    // Of the stage as it is: the rollout had other weights before.
    private static double StablePerCanary(AnalysisInput input)
    {
        var weight = input.Stage.Weight.BasisPoints;
        return input.Canary.Counted >= 10 && input.Control.Counted > 0 ? input.Control.Counted / (double)input.Canary.Counted
            : Math.Max(1e-3, (Weight.Scale - weight) / (double)Math.Max(1, weight));
    }
}
