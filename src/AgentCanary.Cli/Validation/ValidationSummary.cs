using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using AgentCanary.Spec;

namespace AgentCanary.Cli.Validation;

/// <summary>Says in a few lines what was accepted.</summary>
internal static class ValidationSummary
{
    public static string Write(ImmutableArray<RolloutSpec> specs)
    {
        var text = new StringBuilder();
        foreach (var spec in specs)
        {
            text.Append(CultureInfo.InvariantCulture,
                $"{spec.Agent}: {spec.Stable.Version} to {spec.Canary.Version} in {Count(spec.Stages.Length, "stage")}\n");
            foreach (var stage in spec.Stages) text.Append(CultureInfo.InvariantCulture, $"  {Line(stage)}\n");
        }
        return text.Append(CultureInfo.InvariantCulture, $"{Count(specs.Length, "rollout")} accepted.\n").ToString();
    }

    private static string Line(Stage stage)
    {
        var whom = stage.Cohorts.IsEmpty ? "" : $" of {string.Join(", ", stage.Cohorts)}";
        var shadow = stage.Shadow > Weight.None ? $", {stage.Shadow} as a shadow" : "";
        var bake = stage.LeastTime == TimeSpan.Zero ? "" : $", {DurationText.Write(stage.LeastTime)} at least";
        var checks = stage.Checks.IsDefault ? Stage.DefaultChecks : stage.Checks;
        var origin = stage.Checks.IsDefault ? " by default" : "";
        var rules = checks.IsEmpty ? "no checks"
            : stage.JudgesNothing ? "nothing is judged"
            : $"{Count(checks.Length, "check")}{origin}: {string.Join("; ", checks.Select(check => check.Text))}";
        return $"{stage.Name}: {stage.Weight}{whom}{shadow}{bake}, {rules}";
    }

    private static string Count(int count, string noun) =>
        string.Create(CultureInfo.InvariantCulture, $"{count} {noun}{(count == 1 ? "" : "s")}");
}
