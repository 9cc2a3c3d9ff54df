using Microsoft.Extensions.AI;

namespace AgentCanary.Tests.Chat;

public sealed class ChatStreamTests
{
    private readonly ChatWorld _world = new();

    [Fact]
    public async Task The_updates_are_the_versions_own_in_its_order_and_the_first_says_who_serves()
    {
        ChatResponseUpdate[] made = [new(ChatRole.Assistant, (string?)null), new(ChatRole.Assistant, "one"), new(ChatRole.Assistant, "two"), new() { FinishReason = ChatFinishReason.Stop }];
        _world.Canary.Stream = _ => FakeChat.Updates(made);
        var got = await _world.StreamAsync("v2");
        Assert.Equal(made.Length, got.Count);
        Assert.All(made.Zip(got), pair => Assert.Same(pair.First, pair.Second));
        Assert.Equal("v2", got[0].GetCanaryDecision()!.Value.Version);
        Assert.All(got.Skip(1), update => Assert.Null(update.GetCanaryDecision()));
        Assert.Equal(("onetwo", "v2"), (got.ToChatResponse().Text, got.ToChatResponse().GetCanaryDecision()!.Value.Version));
        Assert.Equal(OutcomeClass.Ok, _world.OutcomeOf("v2"));
    }

    [Fact]
    public async Task The_time_to_the_first_content_leaves_out_roles_and_empty_texts_and_the_clock_stands_still_while_the_caller_holds_an_update()
    {
        _world.Canary.Stream = _ => Slowly();
        await foreach (var _ in _world.Client.GetStreamingResponseAsync(ChatWorld.Hello, _world.OptionsFor("v2"))) _world.Time.Advance(TimeSpan.FromSeconds(20));
        var evidence = _world.EvidenceOf("v2");
        Assert.Equal((200, 300), (Milliseconds(evidence.FirstContent!.Mean), Milliseconds(evidence.MeanLatency)));
        Assert.Equal(15, evidence.TokensPerRequest);

        async IAsyncEnumerable<ChatResponseUpdate> Slowly()
        {
            await Task.Yield();
            _world.Time.Advance(TimeSpan.FromMilliseconds(100));
            yield return new(ChatRole.Assistant, "");
            _world.Time.Advance(TimeSpan.FromMilliseconds(100));
            yield return new(ChatRole.Assistant, "so");
            _world.Time.Advance(TimeSpan.FromMilliseconds(100));
            yield return new(ChatRole.Assistant, [new UsageContent(new() { InputTokenCount = 10, OutputTokenCount = 5 })]);
        }

        // Sums are kept in units of about a microsecond.
        static double Milliseconds(TimeSpan? time) => Math.Round(time!.Value.TotalMilliseconds);
    }

    [Fact]
    public async Task A_stream_that_throws_after_an_update_is_broken_and_the_caller_gets_what_it_threw()
    {
        var fault = new HttpRequestException("the connection was reset");
        _world.Canary.Stream = _ => FakeChat.UpdatesThen(fault, new ChatResponseUpdate(ChatRole.Assistant, "half an"));
        Assert.Same(fault, await Record.ExceptionAsync(() => _world.StreamAsync("v2")));
        Assert.Equal(OutcomeClass.StreamBroken, _world.OutcomeOf("v2"));
    }

    [Fact]
    public async Task A_caller_who_stops_reading_has_cancelled_and_the_versions_stream_is_closed()
    {
        var isClosed = false;
        _world.Canary.Stream = _ => Endless();
        await foreach (var _ in _world.Client.GetStreamingResponseAsync(ChatWorld.Hello, _world.OptionsFor("v2"))) break;
        Assert.True(isClosed);
        Assert.Equal(OutcomeClass.CanceledByClient, _world.OutcomeOf("v2"));

        async IAsyncEnumerable<ChatResponseUpdate> Endless()
        {
            try
            {
                while (true)
                {
                    await Task.Yield();
                    yield return new(ChatRole.Assistant, "and so on");
                }
            }
            finally
            {
                isClosed = true;
            }
        }
    }

    [Fact]
    public async Task A_caller_who_cancels_within_a_stream_is_no_failure_of_the_version()
    {
        using var cancel = new CancellationTokenSource();
        _world.Canary.Stream = token => Hanging(token);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () =>
        {
            await foreach (var _ in _world.Client.GetStreamingResponseAsync(ChatWorld.Hello, _world.OptionsFor("v2")).WithCancellation(cancel.Token)) await cancel.CancelAsync();
        });
        Assert.Equal(OutcomeClass.CanceledByClient, _world.OutcomeOf("v2"));

        static async IAsyncEnumerable<ChatResponseUpdate> Hanging([System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken token)
        {
            yield return new(ChatRole.Assistant, "so");
            await Task.Delay(Timeout.Infinite, token);
        }
    }

    [Fact]
    public async Task A_violation_stands_even_where_the_caller_has_left_or_the_stream_broke()
    {
        _world.Canary.Stream = _ => FakeChat.UpdatesThen(new IOException("cut"), new ChatResponseUpdate { FinishReason = ChatFinishReason.ContentFilter });
        await Assert.ThrowsAsync<IOException>(() => _world.StreamAsync("v2"));
        Assert.Equal(OutcomeClass.Safety, _world.OutcomeOf("v2"));
    }

    [Fact]
    public async Task Each_enumeration_is_a_call_and_a_stream_that_nobody_enumerates_is_none()
    {
        var stream = _world.Client.GetStreamingResponseAsync(ChatWorld.Hello, _world.OptionsFor("v2"));
        Assert.Empty(_world.Canary.Calls);
        await foreach (var _ in stream) { }
        await foreach (var _ in stream) { }
        Assert.Equal((2, 2), (_world.Canary.Calls.Count, _world.EvidenceOf("v2")[OutcomeClass.Ok]));
    }

    [Fact]
    public async Task The_caller_of_a_stream_is_who_asked_for_it_also_where_it_is_read_outside_of_the_scope()
    {
        IAsyncEnumerable<ChatResponseUpdate> stream;
        using (CanaryScope.Begin(_world.UserOn("v2"))) stream = _world.Client.GetStreamingResponseAsync(ChatWorld.Hello);
        await foreach (var _ in stream) { }
        Assert.Single(_world.Canary.Calls);
        Assert.Equal(0, _world.Client.UnkeyedCalls);
    }

    [Fact]
    public async Task A_conversation_that_a_stream_began_is_known_before_the_stream_ends()
    {
        _world.Canary.Stream = _ => FakeChat.Updates(new(ChatRole.Assistant, "so") { ConversationId = "resp_1" }, new(ChatRole.Assistant, "on"));
        await foreach (var update in _world.Client.GetStreamingResponseAsync(ChatWorld.Hello, _world.OptionsFor("v2")))
        {
            for (var call = 0; call < 10; call++) Assert.Equal("v2", (await _world.Client.GetResponseAsync(ChatWorld.Hello, new() { ConversationId = "resp_1" })).Text);
        }
    }
}
