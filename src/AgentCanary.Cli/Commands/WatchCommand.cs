using System.CommandLine;
using AgentCanary.Cli.Client;
using AgentCanary.Cli.Output;
using AgentCanary.Server.Api;
using Spectre.Console;

namespace AgentCanary.Cli.Commands;

/// <summary><c>agentcanary watch AGENT</c></summary>
internal static class WatchCommand
{
    private const int EventsShown = 5;
    private static readonly TimeSpan Quiet = TimeSpan.FromSeconds(10);

    public static Command Build()
    {
        var agent = new Argument<string>("AGENT") { Description = "The agent's name." };
        return new ClientCommand("watch", "Follows one rollout until it ends: a live table on a terminal, lines elsewhere.", "watch support-agent") { agent }.Does(async (call, cancellationToken) =>
        {
            var feed = new RolloutFeed(call, call.Get(agent));
            if (call.IsJson) await PrintEndAsync(call, feed, cancellationToken);
            else if (Console.IsOutputRedirected) await PrintLinesAsync(call, feed, cancellationToken);
            else await DrawAsync(feed, cancellationToken);
            return ExitCode.Done;
        });
    }

    // One document and nothing else: the end.
    private static async Task PrintEndAsync(ClientCall call, RolloutFeed feed, CancellationToken cancellationToken)
    {
        var last = "";
        await foreach (var (json, state, _) in feed.ReadAsync(cancellationToken)) last = state is null ? last : json;
        call.SayJson(last);
    }

    private static async Task PrintLinesAsync(ClientCall call, RolloutFeed feed, CancellationToken cancellationToken)
    {
        var (shown, shownAt) = ((RolloutView?)null, 0L);
        await foreach (var (_, state, written) in feed.ReadAsync(cancellationToken))
        {
            if (written is not null) call.Say(EventText.Line(written));
            if (state is null || (IsSame(shown, state) && TimeProvider.System.GetElapsedTime(shownAt) < Quiet)) continue;
            call.Say(RolloutText.Line(state));
            (shown, shownAt) = (state, TimeProvider.System.GetTimestamp());
        }
    }

    private static async Task DrawAsync(RolloutFeed feed, CancellationToken cancellationToken)
    {
        var events = new Queue<EventView>();
        await AnsiConsole.Live(new Text("")).StartAsync(async screen =>
        {
            await foreach (var (_, state, written) in feed.ReadAsync(cancellationToken))
            {
                if (written is not null) events.Enqueue(written);
                if (events.Count > EventsShown) events.Dequeue();
                if (state is not null) screen.UpdateTarget(RolloutScreen.Of(state, events));
            }
        });
    }

    // The figures move every second; lines are for changes.
    private static bool IsSame(RolloutView? shown, RolloutView now) => shown is not null
        && (shown.Revision, shown.Phase, shown.Decision, shown.Durable) == (now.Revision, now.Phase, now.Decision, now.Durable);
}
