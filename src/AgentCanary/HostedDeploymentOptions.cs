namespace AgentCanary;

/// <summary>What a hosted deployment rolls out, and how.</summary>
public sealed class HostedDeploymentOptions
{
    /// <summary>Gets or sets the version that is there now; required.</summary>
    public string StableVersion { get; set; } = "";

    /// <summary>Gets or sets the version to roll out; required, and another one.</summary>
    public string CanaryVersion { get; set; } = "";

    /// <summary>Gets or sets the stages: <see cref="StagePlan.Standard"/> unless set.</summary>
    public StagePlan Plan { get; set; } = StagePlan.Standard;

    /// <summary>Gets or sets the time between evaluations: 1 s unless set, 10 ms to 1 h. Safety violations are judged at once.</summary>
    public TimeSpan EvaluationPeriod { get; set; } = TimeSpan.FromSeconds(1);

    /// <summary>Gets the rest.</summary>
    public CanaryDeploymentOptions Deployment { get; } = new();
}
