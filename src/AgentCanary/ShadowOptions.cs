using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace AgentCanary;

/// <summary>The terms of a <see cref="ShadowDeployment{TRequest, TResponse}"/>. Immutable and thread-safe.</summary>
public sealed record ShadowOptions
{
    /// <summary>Gets the share of answered calls that is offered to the shadow: all of them unless set.</summary>
    public Weight SampleRate { get; init; } = Weight.Full;

    /// <summary>Gets how many calls may wait for the shadow: 256 unless set, 1 to 1,000,000. Each one keeps its request and its answer in memory.</summary>
    public int QueueCapacity { get; init; } = 256;

    /// <summary>Gets how many shadow calls run at once at most: 4 unless set, 1 to 1,024.</summary>
    public int MaxConcurrency { get; init; } = 4;

    /// <summary>Gets how long one shadow call may take, and how long a dispose waits for the queue: 30 s unless set, 1 ms to 1 h.</summary>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>Gets the budget for each hour, and the rests. Deployments of the same options share them: no limits unless set.</summary>
    public ShadowLimits Limits { get; init; } = new();

    /// <summary>Gets the clock of <see cref="Timeout"/>: the system's unless set.</summary>
    public TimeProvider TimeProvider { get; init; } = TimeProvider.System;

    /// <summary>Gets where sampling draws from: <see cref="Random.Shared"/> unless set. It must be thread-safe where calls come from several threads.</summary>
    public Random Random { get; init; } = Random.Shared;

    /// <summary>Gets where the first failure of each kind is logged: nowhere unless set.</summary>
    public ILogger Logger { get; init; } = NullLogger.Instance;

    internal ShadowOptions Checked()
    {
        ArgumentNullException.ThrowIfNull(TimeProvider);
        ArgumentNullException.ThrowIfNull(Random);
        ArgumentNullException.ThrowIfNull(Limits);
        ArgumentNullException.ThrowIfNull(Logger);
        Check(nameof(QueueCapacity), QueueCapacity, QueueCapacity is >= 1 and <= 1_000_000, "1 to 1,000,000 calls");
        Check(nameof(MaxConcurrency), MaxConcurrency, MaxConcurrency is >= 1 and <= 1_024, "1 to 1,024 calls");
        Check(nameof(Timeout), Timeout, Timeout >= TimeSpan.FromMilliseconds(1) && Timeout <= TimeSpan.FromHours(1), "1 ms to 1 h");
        return this;
    }

    private static void Check(string name, object value, bool holds, string rule)
    {
        if (!holds) throw new ArgumentOutOfRangeException(name, value, $"{name} of a shadow is {rule}.");
    }
}
