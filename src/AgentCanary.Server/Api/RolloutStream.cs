using System.Buffers;
using System.IO.Pipelines;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using AgentCanary.Server.Controller;

namespace AgentCanary.Server.Api;

/// <summary>One reader's stream: all rollouts as they stand, then the news. Nothing is queued here; a slow reader makes the source drop its oldest news.</summary>
internal sealed class RolloutStream(IRollouts rollouts, string? agent, PipeWriter output, TimeProvider time)
{
    private static readonly TimeSpan Heartbeat = TimeSpan.FromSeconds(15);

    /// <summary>Writes until the token, or the source, ends it.</summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        using var leave = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        await using var news = rollouts.FollowAsync(leave.Token).GetAsyncEnumerator(leave.Token);
        // Following begins before the present states are read, so that nothing falls between the two.
        var next = news.MoveNextAsync().AsTask();
        try
        {
            await BeginAsync(cancellationToken);
            while (await NextOrHeartbeatAsync(next, cancellationToken))
            {
                await WriteAsync(news.Current, cancellationToken);
                next = news.MoveNextAsync().AsTask();
            }
        }
        finally
        {
            // An enumerator may not be disposed of while it moves.
            await leave.CancelAsync();
            await ((Task)next).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private async Task BeginAsync(CancellationToken cancellationToken)
    {
        output.Write("retry: 2000\n\n"u8);
        foreach (var snapshot in rollouts.Snapshots.Where(snapshot => IsWanted(snapshot.State.Agent))) Write("state"u8, RolloutView.Of(snapshot), ApiJson.Wire.RolloutView);
        await output.FlushAsync(cancellationToken);
    }

    private async Task<bool> NextOrHeartbeatAsync(Task<bool> next, CancellationToken cancellationToken)
    {
        while (true)
        {
            try
            {
                return await next.WaitAsync(Heartbeat, time, cancellationToken);
            }
            catch (TimeoutException)
            {
                output.Write(": still here\n\n"u8);
                await output.FlushAsync(cancellationToken);
            }
        }
    }

    private async Task WriteAsync(RolloutNews news, CancellationToken cancellationToken)
    {
        if (!IsWanted(news.Snapshot.State.Agent)) return;
        if (news.Event is { } written) Write("event"u8, EventView.Of(written), ApiJson.Wire.EventView);
        Write("state"u8, RolloutView.Of(news.Snapshot), ApiJson.Wire.RolloutView);
        await output.FlushAsync(cancellationToken);
    }

    private void Write<T>(ReadOnlySpan<byte> name, T value, JsonTypeInfo<T> type)
    {
        output.Write("event: "u8);
        output.Write(name);
        output.Write("\ndata: "u8);
        output.Write(Encoding.UTF8.GetBytes(JsonSerializer.Serialize(value, type)));
        output.Write("\n\n"u8);
    }

    private bool IsWanted(string name) => agent is null || agent == name;
}
