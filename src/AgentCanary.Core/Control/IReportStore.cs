using System.Collections.Immutable;

namespace AgentCanary.Control;

/// <summary>
/// Keeps which reports came, and those that wait. Implementations are thread-safe, and durable when a write returns. It says of every time that it is Unix time in seconds.
/// </summary>
public interface IReportStore
{
    /// <summary>Writes rows, all in one transaction; one of the same id is replaced.</summary>
    /// <exception cref="StoreUnavailableException">The store could not keep them; none was written.</exception>
    ValueTask WriteAsync(ImmutableArray<ReportRow> rows, CancellationToken cancellationToken);

    /// <summary>Reads the newest rows, oldest first.</summary>
    /// <param name="limit">At most so many, 1 or more.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    ValueTask<ImmutableArray<ReportRow>> ReadAsync(int limit, CancellationToken cancellationToken);

    /// <summary>Removes what came before a time, and all but the newest rows.</summary>
    /// <param name="before">The time.</param>
    /// <param name="most">How many rows stay, 1 or more.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    ValueTask TrimAsync(uint before, int most, CancellationToken cancellationToken);
}
