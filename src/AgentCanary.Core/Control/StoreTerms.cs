namespace AgentCanary.Control;

/// <summary>What every store asks of its callers, in one place so that all stores ask the same.</summary>
public static class StoreTerms
{
    /// <summary>The most events of one read.</summary>
    public const int MostEvents = 1_000;

    /// <summary>Refuses a write whose parts do not belong together.</summary>
    /// <exception cref="ArgumentException">State, event and evidence are not of one agent, or state and event not of one revision.</exception>
    public static void CheckWrite(RolloutState next, RolloutEvent @event, EvidenceRow? evidence)
    {
        ArgumentNullException.ThrowIfNull(next);
        ArgumentNullException.ThrowIfNull(@event);
        if (next.Revision < 1) throw new ArgumentException($"Revision {next.Revision} of '{next.Agent}' cannot be written: revisions start at 1.", nameof(next));
        if (@event.Agent != next.Agent || @event.Revision != next.Revision)
        {
            throw new ArgumentException(
                $"The event of '{@event.Agent}' at revision {@event.Revision} does not belong to the state of '{next.Agent}' at {next.Revision}.", nameof(@event));
        }
        if (evidence is not null && evidence.Agent != next.Agent)
            throw new ArgumentException($"The evidence of '{evidence.Agent}' does not belong to the state of '{next.Agent}'.", nameof(evidence));
    }

    /// <summary>Refuses a limit outside 1 to <see cref="MostEvents"/>.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The limit is outside.</exception>
    public static void CheckLimit(int limit)
    {
        if (limit is < 1 or > MostEvents) throw new ArgumentOutOfRangeException(nameof(limit), limit, $"Events are read 1 to {MostEvents} at a time.");
    }
}
