using System.Collections.Immutable;

namespace AgentCanary.Control;

/// <summary>
/// Keeps which version owns which conversation, so that a restart goes on with it. Implementations are thread-safe, and durable when a write returns.
/// No request ever waits for it. It says of every time that it is Unix time in seconds.
/// </summary>
public interface IPinStore
{
    /// <summary>Writes pins, all in one transaction; one of the same agent and key is replaced.</summary>
    /// <exception cref="StoreUnavailableException">The store could not keep them; none was written.</exception>
    ValueTask WriteAsync(ImmutableArray<PinRow> rows, CancellationToken cancellationToken);

    /// <summary>Reads an agent's pins that have not expired, those that expire last first.</summary>
    /// <param name="agent">The agent's name.</param>
    /// <param name="now">The time.</param>
    /// <param name="limit">At most so many, 1 or more.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    ValueTask<ImmutableArray<PinRow>> ReadAsync(string agent, uint now, int limit, CancellationToken cancellationToken);

    /// <summary>Removes all of an agent's pins on a version.</summary>
    ValueTask ForgetAsync(string agent, uint version, CancellationToken cancellationToken);

    /// <summary>Removes what has expired, and of each agent all but the pins that expire last.</summary>
    /// <param name="now">The time.</param>
    /// <param name="most">How many pins of an agent stay, 1 or more.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    ValueTask TrimAsync(uint now, int most, CancellationToken cancellationToken);
}
