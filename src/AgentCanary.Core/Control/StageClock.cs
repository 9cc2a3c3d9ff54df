namespace AgentCanary.Control;

/// <summary>How long a stage has run, and how long its versions still warm up. One caller at a time.</summary>
/// <param name="soak">How long the stage had run before this process.</param>
/// <param name="begun">The time at which the run begins.</param>
/// <param name="longestWatch">The longest time between two judgements that still counts as watched.</param>
internal sealed class StageClock(TimeSpan soak, TimeSpan begun, TimeSpan longestWatch)
{
    private TimeSpan _judgedAt = begun;
    private TimeSpan _warmUntil;

    /// <summary>Gets how long the stage had run when it was judged last.</summary>
    public TimeSpan Soak { get; private set; } = soak;

    /// <summary>Gets what was left of the warm-up then.</summary>
    public TimeSpan WarmUpLeft => _warmUntil > _judgedAt ? _warmUntil - _judgedAt : TimeSpan.Zero;

    /// <summary>Notes that the stage is judged now.</summary>
    public void Judge(TimeSpan now, RolloutState state) => (Soak, _judgedAt) = (TimeInStage(now, state), now);

    /// <summary>Gets how long the stage has run. Only running time counts, and only time that somebody watched: not pauses, not the sleep of a frozen process.</summary>
    public TimeSpan TimeInStage(TimeSpan now, RolloutState state)
    {
        var passed = now - _judgedAt;
        if (state.Phase is not Phase.Progressing || passed <= TimeSpan.Zero) return Soak;
        return Soak + (passed < longestWatch ? passed : longestWatch);
    }

    /// <summary>Begins a warm-up.</summary>
    /// <returns>When it ends.</returns>
    public TimeSpan WarmUp(TimeSpan now, TimeSpan length) => _warmUntil = now + length;
}
