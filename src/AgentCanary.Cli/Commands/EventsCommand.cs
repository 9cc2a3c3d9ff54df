using System.Collections.Immutable;
using System.CommandLine;
using System.Globalization;
using AgentCanary.Cli.Client;
using AgentCanary.Cli.Output;
using AgentCanary.Server.Api;

namespace AgentCanary.Cli.Commands;

/// <summary><c>agentcanary events AGENT</c></summary>
internal static class EventsCommand
{
    public static Command Build()
    {
        var agent = new Argument<string>("AGENT") { Description = "The agent's name." };
        var after = Numbers.Option("--after", "REVISION", 0, long.MaxValue, "Only what came after this revision.");
        var limit = Numbers.Option("--limit", "N", 1, 1000, "At most so many, 100 unless set.");
        return new ClientCommand("events", "Lists what happened to a rollout, oldest first.", "events support-agent --after 3") { agent, after, limit }.Does(async (call, cancellationToken) =>
        {
            call.Answer(await call.Api.ReadEventsAsync(call.Get(agent), call.Get(after) ?? 0, (int)(call.Get(limit) ?? 100), cancellationToken), LinesOf);
            return ExitCode.Done;
        });
    }

    private static IEnumerable<string> LinesOf(ImmutableArray<EventView> events) => Columns.Of(
    [
        ["REVISION", "AT", "TYPE", "ACTOR", "STAGE", "REASON"],
        .. events.Select(written => new[]
        {
            written.Revision.ToString(CultureInfo.InvariantCulture), RolloutText.Time(written.At), written.Type, written.Actor, EventText.Stages(written), written.Reason,
        }),
    ]);
}
