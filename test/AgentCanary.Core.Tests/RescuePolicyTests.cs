using System.Collections.Immutable;
using AgentCanary.Protocols;
using AgentCanary.Rescue;

namespace AgentCanary.Core.Tests;

public sealed class RescuePolicyTests
{
    [Theory]
    [InlineData("auto", "POST", "/v1/chat/completions", true), InlineData("auto", "POST", "/openai/deployments/x/chat/completions", true), InlineData("auto", "POST", "/v1/messages", true)]
    [InlineData("auto", "POST", "/v1/responses", true), InlineData("auto", "POST", "/v1/responses/resp_1/cancel", false), InlineData("auto", "POST", "/v1/responses/compact", false)]
    [InlineData("auto", "DELETE", "/v1/responses/resp_1", false), InlineData("auto", "POST", "/v1/conversations", false), InlineData("auto", "POST", "/v1/messages/batches", false)]
    [InlineData("auto", "POST", "/mcp", false), InlineData("auto", "POST", "/a2a", false), InlineData("auto", "POST", "/message:send", false), InlineData("auto", "POST", "/pay", false)]
    [InlineData("auto", "GET", "/pay", true), InlineData("auto", "PUT", "/pay", false), InlineData("http", "POST", "/v1/chat/completions", false), InlineData("openai-chat", "POST", "/chat", false)]
    public void Without_declared_routes_only_what_changes_nothing_or_asks_a_model_is_sent_twice(string protocol, string method, string path, bool may) =>
        Assert.Equal(may, May(protocol, method, path, default));

    [Theory]
    [InlineData("POST", "/pay", true), InlineData("POST", "/find/a", true), InlineData("POST", "/v1/chat/completions", false), InlineData("GET", "/anything", true)]
    public void Declared_routes_take_the_place_of_those_of_the_protocols(string method, string path, bool may) => Assert.Equal(may, May("auto", method, path, ["/pay", "/find/*"]));

    [Fact]
    public void An_empty_list_leaves_what_changes_nothing() => Assert.Equal((false, true), (May("auto", "POST", "/v1/messages", []), May("auto", "GET", "/", [])));

    [Theory]
    [InlineData(OutcomeClass.ErrorUpstream, 503, true), InlineData(OutcomeClass.ErrorUpstream, 200, true), InlineData(OutcomeClass.Timeout, 0, true), InlineData(OutcomeClass.StreamBroken, 200, true)]
    [InlineData(OutcomeClass.Safety, 200, false), InlineData(OutcomeClass.Safety, 500, false), InlineData(OutcomeClass.ErrorClient, 400, false), InlineData(OutcomeClass.Refusal, 200, false)]
    [InlineData(OutcomeClass.Ok, 200, false), InlineData(OutcomeClass.CanceledByClient, 0, false), InlineData(OutcomeClass.Abandoned, 0, false), InlineData(OutcomeClass.Truncated, 200, false)]
    [InlineData(OutcomeClass.InputRequired, 200, false)]
    public void Failures_of_the_agent_are_rescued_and_answers_are_not(OutcomeClass outcome, int status, bool isRescued) =>
        Assert.Equal((isRescued, isRescued), (RescuePolicy.IsRescued(outcome, status, isOverloaded: false), RescuePolicy.IsRescued(outcome, status, isOverloaded: true)));

    [Theory]
    [InlineData(429, false, false), InlineData(429, true, false), InlineData(200, false, false), InlineData(200, true, true), InlineData(403, false, false)]
    [InlineData(529, false, true), InlineData(503, false, true)]
    public void Who_is_overloaded_is_rescued_and_a_rate_limit_is_kept(int status, bool isOverloaded, bool isRescued) =>
        Assert.Equal(isRescued, RescuePolicy.IsRescued(OutcomeClass.RateLimited, status, isOverloaded));

    private static bool May(string protocol, string method, string path, ImmutableArray<string> routes)
    {
        var call = new CallHead(method, path, new Fields([]));
        return RescuePolicy.MayResend(AgentProtocol.Find(protocol)!.Of(call), call, routes);
    }
}
