using AgentCanary.Shadow;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace AgentCanary;

/// <summary>The terms of a <see cref="ChatJudge"/>. Immutable and thread-safe.</summary>
public sealed record ChatJudgeOptions
{
    /// <summary>Gets the share of pairs that is judged, drawn before anybody looks at them: all unless set.</summary>
    public Weight SampleRate { get; init; } = Weight.Full;

    /// <summary>Gets how many pairs are judged within an hour, each by two calls: 100 unless set, 1 to 100,000. An hour begins with its first pair.</summary>
    public int PerHour { get; init; } = 100;

    /// <summary>Gets how long one call may take: 30 s unless set, 1 ms to 1 h.</summary>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>Gets what is better, told to the model: <see cref="JudgePrompt.Instruction"/> unless set.</summary>
    public string? Instruction { get; init; }

    /// <summary>Gets who is told each pair of the sample, stable's answer first, and its verdict, null where there is none: nobody unless set. What it throws is logged and counts for nothing.</summary>
    public Action<JudgeQuestion, JudgeVerdict?>? Judged { get; init; }

    /// <summary>Gets the clock: the system's unless set.</summary>
    public TimeProvider TimeProvider { get; init; } = TimeProvider.System;

    /// <summary>Gets where sampling draws from: <see cref="Random.Shared"/> unless set. It must be thread-safe.</summary>
    public Random Random { get; init; } = Random.Shared;

    /// <summary>Gets where failures are logged: nowhere unless set.</summary>
    public ILogger Logger { get; init; } = NullLogger.Instance;

    internal ChatJudgeOptions Checked()
    {
        ArgumentNullException.ThrowIfNull(TimeProvider);
        ArgumentNullException.ThrowIfNull(Random);
        ArgumentNullException.ThrowIfNull(Logger);
        if (PerHour is < 1 or > 100_000) throw new ArgumentOutOfRangeException(nameof(PerHour), PerHour, "PerHour of a judge is 1 to 100,000 pairs.");
        if (Timeout < TimeSpan.FromMilliseconds(1) || Timeout > TimeSpan.FromHours(1)) throw new ArgumentOutOfRangeException(nameof(Timeout), Timeout, "Timeout of a judge is 1 ms to 1 h.");
        return this;
    }
}
