using System.Collections.Immutable;
using AgentCanary.Cli.Client;
using AgentCanary.Server.Api;

namespace AgentCanary.Cli.Demo;

/// <summary>Reads the demo's rollout over the public API, as any other program would.</summary>
internal sealed class RolloutReader(ApiClient client)
{
    private const int MostEvents = 100;

    /// <summary>Reads the rollout as it stands, or null when the server does not answer just now.</summary>
    public async Task<RolloutView?> TryReadAsync(CancellationToken cancellationToken)
    {
        try
        {
            return (await client.FindAsync(DemoTerms.Agent, cancellationToken)).Value;
        }
        catch (Exception error) when (error is ServerUnreachableException or ApiProblemException)
        {
            return null;
        }
    }

    /// <summary>Reads what happened, oldest first.</summary>
    /// <exception cref="DemoException">The server does not answer.</exception>
    public async Task<ImmutableArray<EventView>> ReadEventsAsync(CancellationToken cancellationToken)
    {
        try
        {
            return (await client.ReadEventsAsync(DemoTerms.Agent, 0, MostEvents, cancellationToken)).Value;
        }
        catch (Exception error) when (error is ServerUnreachableException or ApiProblemException)
        {
            throw new DemoException($"The server's events cannot be read: {error.Message}");
        }
    }
}
