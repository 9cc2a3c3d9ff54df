namespace AgentCanary.Analysis;

/// <summary>What the evidence says of one check, with its numbers. Figures are null where they do not exist.</summary>
public sealed record CheckResult
{
    private static readonly Deferred<(double? Low, double? High)> NoInterval = (null, null);
    private static readonly Deferred<string> NoReason = "";

    private readonly Deferred<(double? Low, double? High)> _interval = NoInterval;
    private readonly Deferred<(double? Low, double? High)> _ratio = NoInterval;
    private readonly Deferred<string> _reason = NoReason;

    /// <summary>Gets the check as it stands in the file.</summary>
    public required string Check { get; init; }

    /// <summary>Gets the verdict.</summary>
    public Verdict Verdict { get; init; }

    /// <summary>Gets what a failure does.</summary>
    public OnFail OnFail { get; init; }

    /// <summary>Gets whether the stage is not left until the check passes: false for a warning, and for a comparison where no control exists.</summary>
    public bool IsGating { get; init; } = true;

    /// <summary>Gets the canary's value: a fraction, milliseconds or a plain figure.</summary>
    public double? Canary { get; init; }

    /// <summary>Gets control's value over the same ticks.</summary>
    public double? Control { get; init; }

    /// <summary>Gets the value that the canary must not cross, derived from control where the check compares.</summary>
    public double? Bound { get; init; }

    /// <summary>Gets the lower end of an interval that holds however often anybody looks.</summary>
    public double? Low { get => _interval.Value.Low; init => _interval = (value, High); }

    /// <summary>Gets the upper end of that interval.</summary>
    public double? High { get => _interval.Value.High; init => _interval = (Low, value); }

    /// <summary>Gets how many times control's share of bad answers the canary's is at least, by evidence that holds however often anybody looks.</summary>
    public double? RatioLow { get => _ratio.Value.Low; init => _ratio = (value, RatioHigh); }

    /// <summary>Gets how many times control's share of bad answers the canary's is at most.</summary>
    public double? RatioHigh { get => _ratio.Value.High; init => _ratio = (RatioLow, value); }

    /// <summary>Gets how many canary observations the verdict rests on.</summary>
    public long CanaryCount { get; init; }

    /// <summary>Gets how many control observations the verdict rests on.</summary>
    public long ControlCount { get; init; }

    /// <summary>Gets the evidence against the canary as a number, or null in point mode.</summary>
    public double? EValue { get; init; }

    /// <summary>Gets how many observations count as one, as requests of one user resemble each other; null where each counts by itself.</summary>
    public double? DesignEffect { get; init; }

    /// <summary>Gets the sentence for people: what was seen, against what, and what is missing.</summary>
    public string Reason { get => _reason.Value; init => _reason = value; }

    internal Deferred<(double? Low, double? High)> Interval { init => _interval = value; }

    internal Deferred<(double? Low, double? High)> Ratio { init => _ratio = value; }

    internal Deferred<string> Because { get => _reason; init => _reason = value; }
}
