using System.Text.Json.Nodes;
using AgentCanary.Control;
using AgentCanary.Server.Pins;
using AgentCanary.Testing;

namespace AgentCanary.Server.Gateway;

/// <summary>Conversations whose ids the agents make: each stays on the version that owns it.</summary>
public sealed class ConversationTests : IAsyncLifetime
{
    private readonly StatefulAgent _stable = new("v1");
    private readonly StatefulAgent _canary = new("v2");
    private TestAgent _stableHost = null!;
    private TestAgent _canaryHost = null!;
    private GatewayHost _gateway = null!;

    public async Task InitializeAsync()
    {
        _stableHost = await TestAgent.StartAsync(_stable.AnswerAsync, readsBody: false);
        _canaryHost = await TestAgent.StartAsync(_canary.AnswerAsync, readsBody: false);
        _gateway = await GatewayHost.StartAsync(Some.Spec(_stableHost.Address, _canaryHost.Address));
    }

    public async Task DisposeAsync()
    {
        await _gateway.DisposeAsync();
        await _stableHost.DisposeAsync();
        await _canaryHost.DisposeAsync();
    }

    [Theory, InlineData(0, 100), InlineData(100, 0)]
    public async Task A_session_keeps_its_version_whatever_the_weight_becomes(double began, double later)
    {
        Weigh(began);
        var session = (await InitializeAsync("user-1")).Header("Mcp-Session-Id");
        Weigh(later);

        var (call, other) = (await CallAsync(session, "user-1"), await InitializeAsync("user-2"));

        Assert.Equal((200, began > 0 ? Some.Canary : Some.Stable), ((int)call.Status, call.Header("X-Canary-Version")));
        Assert.Equal(later > 0 ? Some.Canary : Some.Stable, other.Header("X-Canary-Version"));
        Assert.Equal(0, _stable.Foreign + _canary.Foreign);
    }

    [Theory, InlineData("auto"), InlineData("a2a")]
    public async Task A_task_and_its_context_are_known_where_nothing_but_the_answer_tells_the_protocol(string protocol)
    {
        Publish(state => state with { Spec = state.Spec with { Protocol = protocol } });
        Weigh(100);
        var task = Json(await TellAsync(null, null))["result"]!["task"]!;
        Weigh(0);

        var byContext = await TellAsync((string?)task["contextId"], null);
        var byBoth = await TellAsync((string?)task["contextId"], (string?)task["id"]);
        var look = await SendA2aAsync($$$"""{"jsonrpc":"2.0","id":3,"method":"GetTask","params":{"id":"{{{task["id"]}}}"}}""");

        Assert.All([byContext, byBoth, look], answer => Assert.Equal(Some.Canary, answer.Header("X-Canary-Version")));
        Assert.Equal(0, _stable.Foreign + _canary.Foreign);
    }

    [Fact]
    public async Task A_poll_of_a_task_that_nobody_knows_is_tried_on_the_other_version_though_its_error_comes_under_200()
    {
        Weigh(100);
        var task = Json(await TellAsync(null, null))["result"]!["task"]!;
        Forget(Some.Canary);
        Weigh(0);

        var look = await SendA2aAsync($$$"""{"jsonrpc":"2.0","id":3,"method":"GetTask","params":{"id":"{{{task["id"]}}}"}}""", ("A2A-Version", "1.0"));

        Assert.Equal((Some.Canary, (string?)task["id"]), (look.Header("X-Canary-Version"), (string?)Json(look)["result"]!["id"]));
        Assert.Equal((1L, 0L), (_stable.Foreign, _canary.Foreign));
    }

    [Fact]
    public async Task An_id_is_known_before_the_answer_that_makes_it_has_ended()
    {
        var end = new TaskCompletionSource();
        _canary.BeforeEnd = () => end.Task;
        Weigh(100);
        using var first = await RawClient.OpenAsync(_gateway.Address);
        const string Body = "{\"stream\":true}";
        await first.SendAsync($"POST /v1/responses HTTP/1.1\r\nHost: a\r\nx-user-id: u\r\nContent-Type: application/json\r\nContent-Length: {Body.Length}\r\n\r\n{Body}");
        await first.ReadUntilAsync("resp_v2-1\"");
        Weigh(0);

        var second = await _gateway.Client.SendAsync("POST", "/v1/responses", "{\"previous_response_id\":\"resp_v2-1\"}", headers: ("x-user-id", "u"));
        end.SetResult();

        Assert.Equal((200, Some.Canary), ((int)second.Status, second.Header("X-Canary-Version")));
        await first.ReadUntilAsync("0\r\n\r\n");
    }

    [Fact]
    public async Task What_the_split_began_in_this_stage_is_evidence_and_what_it_began_before_is_not()
    {
        Weigh(100);
        var session = (await InitializeAsync("user-1")).Header("Mcp-Session-Id");
        await CallAsync(session, "user-1");
        Weigh(50, stage: 1);
        await CallAsync(session, "user-1");
        await _gateway.BalanceAsync();

        Assert.Equal(
            [(AssignmentReason.Split, Arm.Canary), (AssignmentReason.Pinned, Arm.Canary), (AssignmentReason.Pinned, Arm.Outside)],
            _gateway.Outcomes.All.Select(outcome => (outcome.Assignment.Reason, outcome.Assignment.Arm)));
    }

    [Fact]
    public async Task A_read_of_an_id_that_nobody_knows_is_tried_on_the_other_version_too_and_then_known()
    {
        Weigh(100);
        var session = (await InitializeAsync("user-1")).Header("Mcp-Session-Id");
        Forget(Some.Canary);
        Weigh(0);

        var read = await SendAsync("tools/list", session, "user-1");
        var write = await CallAsync(session, "user-1");

        Assert.Equal((200, Some.Canary, 1L), ((int)read.Status, read.Header("X-Canary-Version"), _gateway.Counters.AskedOther));
        Assert.Equal((200, Some.Canary), ((int)write.Status, write.Header("X-Canary-Version")));
        Assert.Equal(1, _stable.Foreign);
    }

    [Fact]
    public async Task A_read_of_an_id_that_nobody_knows_shows_the_canary_to_nobody_whom_it_must_not_serve()
    {
        Weigh(100);
        var session = (await InitializeAsync("user-1")).Header("Mcp-Session-Id");
        Forget(Some.Canary);
        Publish(state => state with { Revision = state.Revision + 1, Spec = state.Spec with
        {
            Cohorts = [new("vip", [new("header:x-user-id", CohortMatch.Exact, ["user-1"])])],
            Exclude = ["vip"],
        } });

        var read = await SendAsync("tools/list", session, "user-1");

        Assert.Equal((Some.Stable, 0L), (read.Header("X-Canary-Version"), _gateway.Counters.AskedOther));
    }

    [Fact]
    public async Task A_write_of_an_id_that_nobody_knows_is_never_tried_twice()
    {
        Weigh(100);
        var session = (await InitializeAsync("user-1")).Header("Mcp-Session-Id");
        Forget(Some.Canary);
        Weigh(0);

        var answer = await CallAsync(session, "user-1");

        Assert.Equal((404, Some.Stable), ((int)answer.Status, answer.Header("X-Canary-Version")));
        Assert.Equal((1L, 0L), (_stable.Foreign, _canary.Foreign));
    }

    [Fact]
    public async Task An_id_that_neither_version_knows_is_answered_by_the_second_as_it_is()
    {
        var answer = await SendAsync("tools/list", "no-such-session", "user-1");
        Assert.Equal(404, (int)answer.Status);
        Assert.Contains("Session not found", answer.Body, StringComparison.Ordinal);
        Assert.Equal((1L, 1L), (_stable.Foreign, _canary.Foreign));
        await _gateway.BalanceAsync();
        Assert.Equal(Arm.Outside, Assert.Single(_gateway.Outcomes.All).Assignment.Arm);
    }

    [Fact]
    public async Task After_a_rollback_the_next_message_goes_to_stable()
    {
        Weigh(100);
        var session = (await InitializeAsync("user-1")).Header("Mcp-Session-Id");
        Publish(state => state with { Phase = Phase.RolledBack });
        Assert.Equal(Some.Stable, (await CallAsync(session, "user-1")).Header("X-Canary-Version"));
    }

    [Fact]
    public async Task What_drains_finishes_on_the_canary_after_the_rollback_and_what_is_new_does_not_begin_there()
    {
        Weigh(100);
        var session = (await InitializeAsync("user-1")).Header("Mcp-Session-Id");
        Publish(state => state with { Phase = Phase.RolledBack, Pins = AgentCanary.Spec.PinsOnRollback.Drain });
        Assert.Equal(Some.Canary, (await CallAsync(session, "user-1")).Header("X-Canary-Version"));
        Assert.Equal(Some.Stable, (await InitializeAsync("user-1")).Header("X-Canary-Version"));
    }

    [Fact]
    public async Task A_conversation_on_stable_finishes_there_after_the_rollout_has_completed_unless_stable_is_gone()
    {
        Weigh(0);
        var session = (await InitializeAsync("user-1")).Header("Mcp-Session-Id");
        Publish(state => state with { Phase = Phase.Completed });
        Assert.Equal(Some.Stable, (await CallAsync(session, "user-1")).Header("X-Canary-Version"));
        Assert.Equal(Some.Canary, (await InitializeAsync("user-2")).Header("X-Canary-Version"));

        await _stableHost.StopAsync();
        Assert.Equal(Some.Canary, (await InitializeAsync("user-1", session)).Header("X-Canary-Version"));
    }

    [Fact]
    public async Task Conversations_are_counted_once_by_the_version_that_owns_them()
    {
        Weigh(100);
        for (var user = 0; user < 3; user++) await CallAsync((await InitializeAsync($"user-{user}")).Header("Mcp-Session-Id"), $"user-{user}");
        Weigh(0);
        await InitializeAsync("user-9");
        Assert.Equal(new PinCounts(3, 1), _gateway.Get<PinBoard>().Count(Runtime.State, TimeProvider.System.GetUtcNow()));
    }

    private static JsonNode Json(TestAnswer answer) => JsonNode.Parse(answer.Body)!;

    private Task<TestAnswer> TellAsync(string? context, string? task)
    {
        var ids = (context is null ? "" : $"\"contextId\":\"{context}\",") + (task is null ? "" : $"\"taskId\":\"{task}\",");
        return SendA2aAsync($$$$"""{"jsonrpc":"2.0","id":2,"method":"SendMessage","params":{"message":{{{{{ids}}}}"messageId":"m","role":"ROLE_USER","parts":[{"text":"hello"}]}}}""");
    }

    private Task<TestAnswer> SendA2aAsync(string body, params (string, string)[] headers) =>
        _gateway.Client.SendAsync("POST", "/agent", body, headers: [("x-user-id", "user-1"), .. headers]);

    private CanaryRuntime Runtime => _gateway.Get<RolloutRegistry>().Current["support-agent"];

    private void Weigh(double percent, int stage = 0) => Publish(state => state with
    {
        Stage = stage,
        Revision = state.Revision + 1,
        Spec = state.Spec with { Stages = [.. state.Spec.Stages.Select((known, i) => i == stage ? new Stage(Weight.FromPercent(percent)) { Name = known.Name } : known)] },
    });

    private void Publish(Func<RolloutState, RolloutState> change) => Runtime.Publish(change(Runtime.State));

    private void Forget(string version) => _gateway.Get<PinBoard>().Of("support-agent").Forget(Routing.Pin.VersionOf(version));

    private Task<TestAnswer> InitializeAsync(string user, string? session = null) => SendAsync("initialize", session, user);

    private Task<TestAnswer> CallAsync(string? session, string user) => SendAsync("tools/call", session, user);

    private Task<TestAnswer> SendAsync(string method, string? session, string user)
    {
        (string, string)[] headers = session is null ? [("x-user-id", user)] : [("x-user-id", user), ("Mcp-Session-Id", session)];
        return _gateway.Client.SendAsync("POST", "/mcp", $$$"""{"jsonrpc":"2.0","id":1,"method":"{{{method}}}","params":{}}""", headers: headers);
    }
}
