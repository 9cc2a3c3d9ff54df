using System.CommandLine;
using AgentCanary.Cli.Output;
using AgentCanary.Server.Api;

namespace AgentCanary.Cli.Client;

/// <summary>The options <c>--wait</c> and <c>--timeout</c>, and the waiting itself.</summary>
internal sealed class WaitOptions
{
    private static readonly TimeSpan Period = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Longest = TimeSpan.FromHours(1);
    private static readonly TimeSpan Outage = TimeSpan.FromSeconds(30);

    private readonly Option<bool> _wait;
    private readonly Option<TimeSpan?> _timeout = Durations.Option("--timeout", "How long to wait at most, 1h unless set; then the exit code is 5.");

    /// <summary>Makes the options.</summary>
    /// <param name="until">What is waited for, in words.</param>
    public WaitOptions(string until) => _wait = new("--wait") { Description = $"Waits until {until}." };

    /// <summary>Adds the options to a command.</summary>
    public void AddTo(Command command)
    {
        command.Add(_wait);
        command.Add(_timeout);
    }

    /// <summary>Tells whether to wait.</summary>
    public bool IsAsked(ClientCall call) => call.Get(_wait);

    /// <summary>Looks once a second until the goal is reached. A server that is away for a moment, to be restarted say, is waited for.</summary>
    /// <returns>The rollout at the goal, or null where the time is over.</returns>
    /// <exception cref="RolloutReplacedException">Another attempt, or other versions, took the place of the rollout.</exception>
    public async Task<ApiReply<RolloutView>?> ForAsync(ClientCall call, RolloutView start, Func<RolloutView, bool> isReached, CancellationToken cancellationToken)
    {
        using var end = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var limit = call.Get(_timeout) ?? Longest;
        end.CancelAfter(limit);
        using var timer = new PeriodicTimer(Period);
        var (told, unreachable) = (RolloutText.Line(start), TimeSpan.Zero);
        try
        {
            while (true)
            {
                var (reply, isAway) = await LookAsync(call, start.Agent, unreachable, end.Token);
                unreachable = isAway ? unreachable + Period : TimeSpan.Zero;
                if (reply is not null)
                {
                    if ((reply.Value.Attempt, reply.Value.Canary) != (start.Attempt, start.Canary)) throw new RolloutReplacedException(start);
                    if (isReached(reply.Value)) return reply;
                    told = Tell(call, told, RolloutText.Line(reply.Value));
                }
                await timer.WaitForNextTickAsync(end.Token);
            }
        }
        catch (OperationCanceledException) when (end.IsCancellationRequested && !cancellationToken.IsCancellationRequested)
        {
            call.Note($"{start.Agent}: still not there after {limit}; the rollout goes on. Look with: agentcanary status {start.Agent}");
            return null;
        }
    }

    private static async Task<(ApiReply<RolloutView>? Reply, bool IsAway)> LookAsync(ClientCall call, string agent, TimeSpan unreachable, CancellationToken cancellationToken)
    {
        try
        {
            return (await call.Api.FindAsync(agent, cancellationToken), false);
        }
        catch (ServerUnreachableException) when (unreachable < Outage)
        {
            return (null, true);
        }
    }

    private static string Tell(ClientCall call, string before, string now)
    {
        if (now != before) call.Note(now);
        return now;
    }
}
