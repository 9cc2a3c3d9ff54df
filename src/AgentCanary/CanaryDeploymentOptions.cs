using AgentCanary.Spec;
using Microsoft.Extensions.Logging;

namespace AgentCanary;

/// <summary>How a <see cref="CanaryDeployment"/> works. Read once, at its construction.</summary>
public sealed class CanaryDeploymentOptions
{
    /// <summary>Gets or sets the agent's name, part of the salt: empty unless set, else <c>[a-z0-9._-]{1,64}</c>.</summary>
    public string Name { get; set; } = "";

    /// <summary>Gets or sets the clock: the system's unless set.</summary>
    public TimeProvider TimeProvider { get; set; } = TimeProvider.System;

    /// <summary>Gets or sets the hash of sticky keys: XXH64, salted per attempt, unless set.</summary>
    public StickyHashKind StickyHash { get; set; }

    /// <summary>Gets or sets how far the canary's success may lie below stable's before it rolls back, as a fraction: 0.05 unless set, 0 to 1.</summary>
    public double RollbackMargin { get; set; } = 0.05;

    /// <summary>Gets or sets how many requests each version needs before the canary may be rolled back by a check: 50 unless set, 1 or more.</summary>
    public int RollbackMinRequests { get; set; } = 50;

    /// <summary>Gets or sets how a verdict is reached: <see cref="AnalysisMode.Point"/> unless set.</summary>
    public AnalysisMode Analysis { get; set; }

    /// <summary>Gets or sets when a call that was assigned and never recorded counts as failed: 120 s unless set, 1 s to 1 h.</summary>
    public TimeSpan OutcomeDeadline { get; set; } = TimeSpan.FromSeconds(120);

    /// <summary>Gets or sets how long requests are no evidence after the process has begun and after each step to another stage: none unless set, up to 1 h.</summary>
    public TimeSpan WarmUp { get; set; }

    /// <summary>Gets or sets the cohorts that stages name; a call's attributes are handed to <see cref="CanaryDeployment.Assign{T}"/>.</summary>
    public IReadOnlyList<Cohort> Cohorts { get; set; } = [];

    /// <summary>Gets or sets the names of the cohorts that never get the canary.</summary>
    public IReadOnlyList<string> Exclude { get; set; } = [];

    /// <summary>Gets or sets what models cost: none unless set. <see cref="CanaryChatClient"/> prices answers by it; of an <see cref="Outcome"/> the caller sets the cost.</summary>
    public IReadOnlyList<ModelPrice> Prices { get; set; } = [];

    /// <summary>Gets or sets the pepper of the salt: that of the environment variable <c>AGENTCANARY_PEPPER</c> unless set.</summary>
    public ulong? Pepper { get; set; }

    /// <summary>Gets or sets what is called, on the recording thread, when an outcome must be judged at once; it must return quickly and not throw.</summary>
    public Action? Urgent { get; set; }

    /// <summary>Gets or sets where the first refused outcome is told; nowhere unless set.</summary>
    public ILogger? Logger { get; set; }
}
