using System.Diagnostics;
using Microsoft.Extensions.AI;

namespace AgentCanary.Tests.Chat;

public sealed class CanaryChatClientTests
{
    private readonly ChatWorld _world = new();

    [Theory, InlineData("v1", Arm.Control), InlineData("v2", Arm.Canary)]
    public async Task A_user_is_served_by_one_version_and_the_answer_says_which(string version, Arm arm)
    {
        for (var call = 0; call < 5; call++)
        {
            var response = await _world.AskAsync(version);
            Assert.Equal(version, response.Text);
            var decision = Assert.NotNull(response.GetCanaryDecision());
            Assert.Equal((version, arm, AssignmentReason.Split, 0), (decision.Version, decision.Arm, decision.Reason, decision.Stage));
        }
        Assert.Equal((5, 0), (_world.Version(version).Calls.Count, _world.Version(version == "v1" ? "v2" : "v1").Calls.Count));
        Assert.Equal(5, _world.EvidenceOf(version)[OutcomeClass.Ok]);
    }

    [Fact]
    public async Task The_users_split_as_the_weight_says()
    {
        foreach (var user in Enumerable.Range(0, 1000)) await _world.Client.GetResponseAsync(ChatWorld.Hello, new ChatOptions().WithStickyKey($"u-{user}"));
        Assert.InRange(_world.Canary.Calls.Count, 400, 600);
        Assert.Equal(1000, _world.Canary.Calls.Count + _world.Stable.Calls.Count);
        Assert.Equal(0, _world.Client.UnkeyedCalls);
    }

    [Fact]
    public async Task A_version_sees_the_callers_messages_and_options_but_never_the_sticky_key()
    {
        var options = new ChatOptions { Temperature = 0.5f, AdditionalProperties = new() { ["mine"] = 1 } }.WithStickyKey(_world.UserOn("v2"));
        await _world.Client.GetResponseAsync(ChatWorld.Hello, options);
        var (messages, seen) = _world.Canary.Last;
        Assert.Same(ChatWorld.Hello, messages);
        Assert.Equal(("mine", 0.5f), (Assert.Single(seen!.AdditionalProperties!).Key, seen.Temperature));
        Assert.Equal(2, options.AdditionalProperties!.Count); // the caller's own stay as they were
    }

    [Fact]
    public async Task Options_without_our_key_are_handed_on_as_they_are_and_an_emptied_bag_is_no_bag()
    {
        var plain = new ChatOptions { AdditionalProperties = [] };
        await _world.Client.GetResponseAsync(ChatWorld.Hello, plain);
        Assert.Same(plain, _world.Stable.Calls.Concat(_world.Canary.Calls).Single().Options);

        await _world.AskAsync("v2");
        Assert.Null(_world.Canary.Last.Options!.AdditionalProperties);
    }

    [Fact]
    public async Task The_key_of_the_options_comes_before_the_scope_the_scope_before_the_baggage_and_the_baggage_before_a_lasting_conversation()
    {
        var (stable, canary) = (_world.UserOn("v1"), _world.UserOn("v2"));
        var conversation = Enumerable.Range(0, 100).Select(number => $"conv_{number}").First(id => _world.Deployment.Route(id) == "v2");
        Assert.Equal("v2", await ServedAsync(new() { ConversationId = conversation }));

        using var activity = new Activity("call").Start();
        activity.SetBaggage("canary.key", stable);
        Assert.Equal("v1", await ServedAsync(new() { ConversationId = conversation }));
        using (CanaryScope.Begin(canary))
        {
            Assert.Equal("v2", await ServedAsync(null));
            Assert.Equal("v1", await ServedAsync(new ChatOptions().WithStickyKey(stable)));
            using (CanaryScope.Begin(stable)) Assert.Equal("v1", await ServedAsync(null));
            Assert.Equal("v2", await ServedAsync(null));
        }
        Assert.Equal("v1", await ServedAsync(null));
        Assert.Equal(0, _world.Client.UnkeyedCalls);
    }

    [Fact]
    public async Task A_response_id_as_conversation_is_no_key()
    {
        await _world.Client.GetResponseAsync(ChatWorld.Hello, new() { ConversationId = "resp_1" });
        Assert.Equal(1, _world.Client.UnkeyedCalls);
    }

    [Fact]
    public async Task Calls_without_a_key_are_drawn_at_random_counted_and_told_once()
    {
        for (var call = 0; call < 200; call++) await _world.Client.GetResponseAsync(ChatWorld.Hello);
        Assert.InRange(_world.Canary.Calls.Count, 50, 150);
        Assert.Equal(200, _world.Client.UnkeyedCalls);
        await _world.Logger.NextAsync();
        Assert.Contains("WithStickyKey", Assert.Single(_world.Logger.Lines).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_attributes_of_the_scope_are_what_cohorts_look_at()
    {
        var world = new ChatWorld(
            options => options.Cohorts = [new Cohort("staff", [new CohortRule("group", CohortMatch.Exact, ["staff"])])],
            new(new Stage(Weight.Full) { Cohorts = ["staff"], BakeTime = TimeSpan.FromHours(1) }, new Stage(Weight.Full)));
        using (CanaryScope.Begin("anybody", new() { ["group"] = "staff" })) Assert.Equal("v2", (await world.Client.GetResponseAsync(ChatWorld.Hello)).Text);
        using (CanaryScope.Begin("anybody")) Assert.Equal("v1", (await world.Client.GetResponseAsync(ChatWorld.Hello)).Text);
    }

    [Fact]
    public async Task A_conversation_stays_with_the_version_that_made_it_when_the_weight_grows()
    {
        var user = Enumerable.Range(0, 1000).Select(number => $"user-{number}").First(user => _world.Deployment.Route(user) == "v1");
        _world.Stable.Answer = _ => Task.FromResult(new ChatResponse(new ChatMessage(ChatRole.Assistant, "v1")) { ConversationId = "resp_1" });
        var first = await _world.Client.GetResponseAsync(ChatWorld.Hello, new ChatOptions().WithStickyKey(user));
        _world.Deployment.Command(new Control.RolloutCommand.Promote(Full: true));

        var again = await _world.Client.GetResponseAsync(ChatWorld.Hello, new ChatOptions { ConversationId = first.ConversationId }.WithStickyKey(user));
        Assert.Equal(("v1", AssignmentReason.Pinned), (again.Text, again.GetCanaryDecision()!.Value.Reason));
        Assert.Equal("v2", (await _world.Client.GetResponseAsync(ChatWorld.Hello, new ChatOptions().WithStickyKey(user))).Text);
    }

    [Fact]
    public async Task A_conversation_without_a_key_counts_for_the_arm_that_began_it()
    {
        foreach (var version in new[] { _world.Stable, _world.Canary })
        {
            var made = 0;
            version.Answer = _ => Task.FromResult(new ChatResponse(new ChatMessage(ChatRole.Assistant, version.Metadata.ProviderName)) { ConversationId = $"resp_{version.Metadata.ProviderName}_{made++}" });
        }
        var response = await _world.Client.GetResponseAsync(ChatWorld.Hello);
        var served = response.Text;
        for (var turn = 0; turn < 20; turn++)
        {
            response = await _world.Client.GetResponseAsync(ChatWorld.Hello, new() { ConversationId = response.ConversationId });
            Assert.Equal((served, served == "v2" ? Arm.Canary : Arm.Control), (response.Text, response.GetCanaryDecision()!.Value.Arm));
        }
        Assert.Equal((21, 1), (_world.EvidenceOf(served)[OutcomeClass.Ok], _world.Client.UnkeyedCalls));
    }

    [Fact]
    public async Task The_results_of_tools_go_to_the_version_that_called_them()
    {
        const string call = "call_0123456789abcdefghijkl";
        var asked = new ChatMessage(ChatRole.Assistant, [new FunctionCallContent(call, "order")]);
        foreach (var version in new[] { _world.Stable, _world.Canary }) version.Answer = _ => Task.FromResult(new ChatResponse(asked) { FinishReason = ChatFinishReason.ToolCalls });
        var served = (await _world.Client.GetResponseAsync(ChatWorld.Hello)).GetCanaryDecision()!.Value.Version;
        List<ChatMessage> turn = [.. ChatWorld.Hello, asked, new(ChatRole.Tool, [new FunctionResultContent(call, "1001")])];
        for (var again = 0; again < 20; again++) Assert.Equal(served, (await _world.Client.GetResponseAsync(turn)).GetCanaryDecision()!.Value.Version);
    }

    [Fact]
    public async Task After_a_rollback_and_a_retry_the_conversations_of_the_first_attempt_are_free()
    {
        _world.Canary.Answer = _ => Task.FromResult(new ChatResponse(new ChatMessage(ChatRole.Assistant, "v2")) { ConversationId = "resp_1" });
        await _world.AskAsync("v2");
        _world.Deployment.Command(new Control.RolloutCommand.Rollback());
        Assert.Equal("v1", (await _world.Client.GetResponseAsync(ChatWorld.Hello, new() { ConversationId = "resp_1" })).Text);
        _world.Deployment.Command(new Control.RolloutCommand.Retry());
        var options = new ChatOptions { ConversationId = "resp_1" }.WithStickyKey(_world.UserOn("v1"));
        Assert.Equal("v1", (await _world.Client.GetResponseAsync(ChatWorld.Hello, options)).Text);
    }

    [Fact]
    public async Task Two_callers_who_get_the_same_answer_object_do_not_write_into_the_same_properties()
    {
        var properties = new AdditionalPropertiesDictionary { ["provider"] = "x" };
        var shared = new ChatResponse(new ChatMessage(ChatRole.Assistant, "v2")) { AdditionalProperties = properties };
        _world.Canary.Answer = _ => Task.FromResult(shared);
        Assert.Same(shared, await _world.AskAsync("v2"));
        Assert.Equal("provider", Assert.Single(properties).Key);
        Assert.Equal("x", shared.AdditionalProperties["provider"]);
    }

    [Fact]
    public void It_has_the_metadata_of_stable_and_itself_and_disposes_neither_version()
    {
        Assert.Same(_world.Stable.Metadata, _world.Client.GetService(typeof(ChatClientMetadata)));
        Assert.Same(_world.Client, _world.Client.GetService(typeof(CanaryChatClient)));
        Assert.Same(_world.Client, _world.Client.GetService(typeof(IChatClient)));
        Assert.Null(_world.Client.GetService(typeof(ChatClientMetadata), "key"));
        _world.Client.Dispose();
        Assert.False(_world.Stable.IsDisposed || _world.Canary.IsDisposed);
    }

    [Fact]
    public async Task An_answer_in_the_background_is_fetched_from_the_version_that_works_on_it_by_any_process()
    {
        var token = ResponseContinuationToken.FromBytes(new byte[] { 1, 2, 3 });
        _world.Canary.Answer = _ => Task.FromResult(new ChatResponse { ContinuationToken = token });
        var begun = await _world.AskAsync("v2");
        Assert.Equal(OutcomeClass.InputRequired, _world.OutcomeOf("v2")); // not finished, so not counted
        var kept = begun.ContinuationToken!.ToBytes().ToArray();

        var other = new ChatWorld();
        var options = new ChatOptions { ContinuationToken = ResponseContinuationToken.FromBytes(kept) }.WithStickyKey(other.UserOn("v1"));
        Assert.Equal("v2", (await other.Client.GetResponseAsync([], options)).Text);
        Assert.Equal([1, 2, 3], other.Canary.Last.Options!.ContinuationToken!.ToBytes().ToArray());
        Assert.Equal(kept, options.ContinuationToken!.ToBytes().ToArray());
    }

    [Theory]
    [InlineData(new byte[] { 1, 2, 3 })]
    [InlineData(new byte[] { })]
    public async Task A_token_that_is_not_ours_is_handed_on_as_it_is(byte[] bytes)
    {
        var token = ResponseContinuationToken.FromBytes(bytes);
        var options = new ChatOptions { ContinuationToken = token }.WithStickyKey(_world.UserOn("v2"));
        await _world.Client.GetResponseAsync([], options);
        Assert.Same(token, _world.Canary.Last.Options!.ContinuationToken);
    }

    [Fact]
    public async Task A_key_that_cannot_say_its_name_and_an_answer_that_is_none_do_not_reach_the_caller()
    {
        _world.Stable.Answer = _world.Canary.Answer = _ => Task.FromResult<ChatResponse>(null!);
        var options = new ChatOptions { AdditionalProperties = new() { ["canary.key"] = new Nameless() } };
        Assert.Null(await _world.Client.GetResponseAsync(ChatWorld.Hello, options));
        Assert.Equal(1, _world.Client.UnkeyedCalls);
    }

    private async Task<string> ServedAsync(ChatOptions? options) => (await _world.Client.GetResponseAsync(ChatWorld.Hello, options)).Text;

    private sealed class Nameless
    {
        public override string ToString() => throw new InvalidOperationException("no name");
    }
}
