using System.Collections.Immutable;
using AgentCanary.Spec;

namespace AgentCanary;

/// <summary>The rules of a deployment's terms, and the spec that they make.</summary>
internal static class DeploymentRules
{
    private const string NameLetters = "abcdefghijklmnopqrstuvwxyz0123456789._-";

    public static RolloutSpec Judge(string stableVersion, string canaryVersion, StagePlan plan, CanaryDeploymentOptions options)
    {
        ArgumentException.ThrowIfNullOrEmpty(stableVersion);
        ArgumentException.ThrowIfNullOrEmpty(canaryVersion);
        if (stableVersion == canaryVersion)
            throw new ArgumentException($"The stable and the canary version are both '{stableVersion}': a rollout needs two versions.", nameof(canaryVersion));
        if (options.Name.Length > 64 || options.Name.Any(letter => !NameLetters.Contains(letter, StringComparison.Ordinal)))
            throw new ArgumentException($"The name '{options.Name}' is not [a-z0-9._-]{{1,64}}.", nameof(options));
        if (options.RollbackMargin is not (>= 0 and <= 1))
            throw new ArgumentException($"RollbackMargin is {options.RollbackMargin}; it is a fraction of 0 to 1.", nameof(options));
        if (options.RollbackMinRequests < 1)
            throw new ArgumentException($"RollbackMinRequests is {options.RollbackMinRequests}; it is 1 or more.", nameof(options));
        if (options.OutcomeDeadline < TimeSpan.FromSeconds(1) || options.OutcomeDeadline > TimeSpan.FromHours(1))
            throw new ArgumentException($"OutcomeDeadline is {options.OutcomeDeadline}; it is 1 s to 1 h.", nameof(options));
        if (options.WarmUp < TimeSpan.Zero || options.WarmUp > TimeSpan.FromHours(1))
            throw new ArgumentException($"WarmUp is {options.WarmUp}; it is 0 to 1 h.", nameof(options));
        foreach (var stage in plan.Stages) Judge(stage, options);
        return new()
        {
            Agent = options.Name,
            Stable = new(stableVersion),
            Canary = new(canaryVersion),
            Stages = plan.Stages,
            Sticky = new() { Hash = options.StickyHash },
            Cohorts = [.. options.Cohorts],
            Exclude = [.. options.Exclude],
            Analysis = new() { Mode = options.Analysis, OutcomeDeadline = options.OutcomeDeadline, WarmUp = options.WarmUp },
        };
    }

    private static void Judge(Stage stage, CanaryDeploymentOptions options)
    {
        if (stage.MinSuccessRate is not (null or (>= 0 and <= 1)))
            throw new ArgumentException($"Stage '{stage.Name}' has MinSuccessRate {stage.MinSuccessRate}; it is a fraction of 0 to 1.");
        if (stage.BakeTime < TimeSpan.Zero) throw new ArgumentException($"Stage '{stage.Name}' has BakeTime {stage.BakeTime}; it is 0 or more.");
        if (stage.MinRequests < 0) throw new ArgumentException($"Stage '{stage.Name}' has MinRequests {stage.MinRequests}; it is 0 or more.");
        if (stage.MaxP95 is { } most && most <= TimeSpan.Zero) throw new ArgumentException($"Stage '{stage.Name}' has MaxP95 {most}; it is above 0.");
        var known = options.Cohorts.Select(cohort => cohort.Name).ToImmutableHashSet();
        if (stage.Cohorts.Concat(options.Exclude).FirstOrDefault(name => !known.Contains(name)) is { } unknown)
            throw new ArgumentException($"Stage '{stage.Name}', or Exclude, names cohort '{unknown}', which Cohorts does not have.");
    }
}
