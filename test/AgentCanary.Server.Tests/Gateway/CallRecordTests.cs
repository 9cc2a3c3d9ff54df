using AgentCanary.Protocols;
using AgentCanary.Server.Pins;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging.Abstractions;

namespace AgentCanary.Server.Gateway;

/// <summary>Whatever reads an answer is ended, for what unpacks it holds memory of the machine's.</summary>
public sealed class CallRecordTests
{
    private static readonly AnswerHead Good = new(200, new CallerFields(new HeaderDictionary()));

    [Fact]
    public async Task What_read_an_answer_that_was_held_is_ended_when_it_passes()
    {
        await using var gateway = await StartAsync();
        var record = Record(gateway);
        var held = record.Hold(Good);
        record.OnHead(Good, isListenedTo: false);
        Assert.NotSame(held, record.Answer);
        AssertEnded(held);
    }

    [Theory, InlineData(true), InlineData(false)]
    public async Task What_reads_an_answer_is_ended_with_its_call_although_its_outcome_is_known(bool isRescue)
    {
        await using var gateway = await StartAsync();
        var record = Record(gateway);
        if (isRescue)
        {
            record.Make(OutcomeClass.ErrorUpstream, brokeOnWire: true);
            record.By = record.By with { IsRescue = true };
        }

        record.OnHead(Good, isListenedTo: false);
        record.MakeCanceled();
        record.Close();
        AssertEnded(record.Answer!);
    }

    // What was ended stays as it ended, however it ends again.
    private static void AssertEnded(WatchedAnswer answer) => Assert.Equal(OutcomeClass.StreamBroken, answer.End(AnswerEnd.Complete).Reading.Class);

    private static Task<GatewayHost> StartAsync() => GatewayHost.StartAsync(Some.Spec(new("http://127.0.0.1:1"), new("http://127.0.0.1:2")));

    private static CallRecord Record(GatewayHost gateway)
    {
        var route = gateway.Get<RouteTables>().Compile().Routes.Values.Single();
        var (counters, log) = (gateway.Counters, NullLogger.Instance);
        var terms = new CallTerms(
            counters, route.Canary.Totals, gateway.Get<VersionPins>(), TimeProvider.System, log, Tap: null, gateway.Get<AnswerNames>(), new CallRescue(counters, log), CancellationToken.None);
        var request = new CallRequest(route, "/", "", StartedAt: 0, DateTimeOffset.UnixEpoch, Forced: null) { Head = new("GET", "/", new CallerFields(new HeaderDictionary())), Protocol = AgentProtocol.Http };
        return new(terms, request) { By = new(route.Canary, "decision", CancellationToken.None) };
    }
}
