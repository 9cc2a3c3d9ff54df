using System.Runtime.CompilerServices;
using System.Text.Json;
using AgentCanary.Server.Api;

namespace AgentCanary.Cli.Client;

/// <summary>Follows one rollout until it ends, across restarts of the server.</summary>
internal sealed class RolloutFeed(ClientCall call, string agent)
{
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);
    private const int MostAttempts = 30;

    /// <summary>Reads states and events; the last one is the state of the ended rollout.</summary>
    /// <exception cref="ServerUnreachableException">The server could not be reached at first, or was away for too long.</exception>
    public async IAsyncEnumerable<(string Json, RolloutView? State, EventView? Event)> ReadAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        using var timer = new PeriodicTimer(Pause);
        for (var attempt = MostAttempts; ; attempt++)
        {
            await using var items = call.Api.FollowAsync(agent, cancellationToken).GetAsyncEnumerator(cancellationToken);
            while (await MoveAsync(items, attempt))
            {
                attempt = 0;
                var json = items.Current.Data;
                var state = items.Current.EventType == "state" ? JsonSerializer.Deserialize(json, ApiJson.Wire.RolloutView) : null;
                var written = items.Current.EventType == "event" ? JsonSerializer.Deserialize(json, ApiJson.Wire.EventView) : null;
                yield return (json, state, written);
                if (state is not null && ActCommand.HasEnded(state)) yield break;
            }
            call.Note("The connection to the server ended: trying again.");
            await timer.WaitForNextTickAsync(cancellationToken);
        }
    }

    private static async Task<bool> MoveAsync<T>(IAsyncEnumerator<T> items, int attempt)
    {
        try
        {
            return await items.MoveNextAsync();
        }
        catch (ServerUnreachableException) when (attempt < MostAttempts)
        {
            return false;
        }
    }
}
