using System.Collections.Immutable;
using System.Globalization;

namespace AgentCanary.Analysis;

/// <summary>Says which checks a stage has.</summary>
public static class StageChecks
{
    /// <summary>Gets the checks of a stage of a rollout file: its own, or the default ones where it names none.</summary>
    public static ImmutableArray<Check> OfFile(Stage stage)
    {
        ArgumentNullException.ThrowIfNull(stage);
        return stage.Checks.IsDefault ? Stage.DefaultChecks : stage.Checks;
    }

    /// <summary>Gets the checks of a stage in the library: its own, and what its short forms stand for.</summary>
    /// <param name="stage">The stage.</param>
    /// <param name="rollbackMargin">How far the canary's success may lie below control's, as a fraction.</param>
    /// <remarks>
    /// Success below <see cref="Stage.MinSuccessRate"/> holds; success below control by more than the margin rolls back, and so does success below the floor
    /// of both, which works without a control too.
    /// </remarks>
    public static ImmutableArray<Check> OfLibrary(Stage stage, double rollbackMargin)
    {
        ArgumentNullException.ThrowIfNull(stage);
        var checks = (stage.Checks.IsDefault ? [Check.Parse("safety_violations == 0")] : stage.Checks).ToBuilder();
        checks.Add(Check.Parse(string.Create(CultureInfo.InvariantCulture, $"error_rate_delta <= {rollbackMargin:0.######}")));
        if (stage.MinSuccessRate is { } least)
        {
            checks.Add(Check.Parse(string.Create(CultureInfo.InvariantCulture, $"success_rate >= {least:0.######}")) with { OnFail = OnFail.Hold });
            checks.Add(Check.Parse(string.Create(CultureInfo.InvariantCulture, $"success_rate >= {Math.Max(0, least - rollbackMargin):0.######}")));
        }
        if (stage.MaxP95 is { } most) checks.Add(Check.Parse(string.Create(CultureInfo.InvariantCulture, $"p95_latency <= {most.TotalMilliseconds:0.###}ms")));
        return checks.ToImmutable();
    }
}
