using System.Collections.Concurrent;
using AgentCanary.Testing;
using Microsoft.Extensions.AI;

namespace AgentCanary.Tests.Chat;

public sealed class ShadowChatClientTests : IAsyncDisposable
{
    private readonly FakeChat _stable = new("v1");
    private readonly FakeChat _shadow = new("v2");
    private readonly ConcurrentQueue<(ChatResponse Stable, ChatResponse Shadow)> _compared = [];
    private readonly RecordingLogger _logger = new();
    private readonly ShadowChatClient _client;

    public ShadowChatClientTests() => _client = new(_stable, _shadow, (stable, shadow) => _compared.Enqueue((stable, shadow)), new() { Logger = _logger });

    public ValueTask DisposeAsync() => _client.DisposeAsync();

    [Fact]
    public async Task A_call_is_answered_by_stable_and_both_answers_are_compared()
    {
        var answer = await _client.GetResponseAsync(ChatWorld.Hello);
        await Eventually.TrueAsync(() => _compared.Count == 1);
        var (stable, shadow) = _compared.Single();
        Assert.Same(answer, stable);
        Assert.Equal(("v1", "v2"), (stable.Text, shadow.Text));
        Assert.Equal((1, 1), (_client.Counts.Offered, _client.Counts.Sent));
    }

    [Fact]
    public async Task A_streamed_answer_is_stables_own_updates_and_is_compared_as_a_whole()
    {
        ChatResponseUpdate[] made = [new(ChatRole.Assistant, "one "), new(ChatRole.Assistant, "two")];
        _stable.Stream = _ => FakeChat.Updates(made);
        var got = new List<ChatResponseUpdate>();
        await foreach (var update in _client.GetStreamingResponseAsync(ChatWorld.Hello)) got.Add(update);
        Assert.Equal(made.Length, got.Count);
        Assert.All(made.Zip(got), pair => Assert.Same(pair.First, pair.Second));
        await Eventually.TrueAsync(() => _compared.Count == 1);
        Assert.Equal(("one two", "v2"), (_compared.Single().Stable.Text, _compared.Single().Shadow.Text));
    }

    [Fact]
    public async Task What_the_shadow_throws_and_how_long_it_takes_concerns_nobody()
    {
        var hang = new TaskCompletionSource<ChatResponse>();
        _shadow.Answer = _ => hang.Task;
        Assert.Equal("v1", (await _client.GetResponseAsync(ChatWorld.Hello)).Text);
        hang.SetException(new InvalidOperationException("shadow"));
        await Eventually.TrueAsync(() => _client.Counts.Failed == 1);
        Assert.Equal("v1", (await _client.GetResponseAsync(ChatWorld.Hello)).Text);
    }

    [Fact]
    public async Task What_stable_throws_is_thrown_and_a_stream_that_broke_or_was_left_is_not_shown()
    {
        _stable.Answer = _ => throw new IOException("stable");
        await Assert.ThrowsAsync<IOException>(() => _client.GetResponseAsync(ChatWorld.Hello));
        _stable.Stream = _ => FakeChat.UpdatesThen(new IOException("cut"), new ChatResponseUpdate(ChatRole.Assistant, "half"));
        await Assert.ThrowsAsync<IOException>(async () => { await foreach (var _ in _client.GetStreamingResponseAsync(ChatWorld.Hello)) { } });
        await foreach (var _ in _client.GetStreamingResponseAsync(ChatWorld.Hello)) break;
        await _client.DisposeAsync();
        Assert.Equal((0, 0), (_client.Counts.Offered, _shadow.Calls.Count));
    }

    [Fact]
    public async Task The_shadow_may_ask_for_functions_and_cannot_run_them_and_of_hosted_tools_it_has_those_that_read()
    {
        var isRun = false;
        var pay = AIFunctionFactory.Create(() => isRun = true, "pay");
        var options = new ChatOptions { Tools = [pay, new HostedWebSearchTool(), new HostedMcpServerTool("bank", new Uri("https://bank.test/"))] }.WithStickyKey("user-1");
        await _client.GetResponseAsync(ChatWorld.Hello, options);
        await Eventually.TrueAsync(() => _compared.Count == 1);
        var shown = _shadow.Last.Options!;
        Assert.Equal(["pay", "web_search"], shown.Tools!.Select(tool => tool.Name));
        Assert.DoesNotContain(shown.Tools!, tool => tool is AIFunction || tool.GetService<AIFunction>() is not null);
        Assert.Null(shown.AdditionalProperties);
        Assert.Same(options, _stable.Last.Options);
        Assert.False(isRun);
    }

    [Fact]
    public async Task Where_no_tool_is_left_none_is_required()
    {
        await _client.GetResponseAsync(ChatWorld.Hello, new() { Tools = [new HostedMcpServerTool("bank", new Uri("https://bank.test/"))], ToolMode = ChatToolMode.RequireAny, AllowBackgroundResponses = true });
        await Eventually.TrueAsync(() => _compared.Count == 1);
        var shown = _shadow.Last.Options!;
        Assert.Equal((null, null, null), (shown.Tools, shown.ToolMode, shown.AllowBackgroundResponses));
    }

    [Fact]
    public async Task A_call_that_goes_on_with_what_the_provider_keeps_is_not_shown()
    {
        await _client.GetResponseAsync(ChatWorld.Hello, new() { ConversationId = "conv_1" });
        await _client.GetResponseAsync(ChatWorld.Hello, new() { ContinuationToken = ResponseContinuationToken.FromBytes(new byte[] { 1 }) });
        await foreach (var _ in _client.GetStreamingResponseAsync(ChatWorld.Hello, new() { ConversationId = "conv_1" })) { }
        await _client.DisposeAsync();
        Assert.Equal((3, 0), (_stable.Calls.Count, _shadow.Calls.Count));
    }

    [Fact]
    public async Task The_shadow_is_shown_the_messages_of_the_call_not_what_the_caller_adds_to_its_list_later()
    {
        var hold = new TaskCompletionSource();
        _shadow.Answer = async _ =>
        {
            await hold.Task;
            return new(new ChatMessage(ChatRole.Assistant, "v2"));
        };
        List<ChatMessage> history = [.. ChatWorld.Hello];
        history.AddRange((await _client.GetResponseAsync(history)).Messages);
        hold.SetResult();
        await Eventually.TrueAsync(() => _compared.Count == 1);
        Assert.Equal(ChatWorld.Hello, _shadow.Last.Messages);
    }

    [Fact]
    public async Task Messages_that_can_be_read_only_once_reach_both()
    {
        await _client.GetResponseAsync(Once());
        await Eventually.TrueAsync(() => _compared.Count == 1);
        Assert.Equal((1, 1), (_stable.Last.Messages.Count(), _shadow.Last.Messages.Count()));

        static IEnumerable<ChatMessage> Once()
        {
            yield return ChatWorld.Hello[0];
        }
    }

    [Fact]
    public async Task Of_streams_too_only_the_sampled_share_is_shown()
    {
        await using var client = new ShadowChatClient(_stable, _shadow, null, new() { SampleRate = Weight.FromPercent(25), Random = new Random(7) });
        for (var call = 0; call < 400; call++)
            await foreach (var _ in client.GetStreamingResponseAsync(ChatWorld.Hello)) { }
        Assert.InRange(client.Counts.Offered, 60, 140);
    }

    [Fact]
    public async Task It_has_the_metadata_of_stable_and_disposes_neither_version()
    {
        Assert.Same(_stable.Metadata, _client.GetService(typeof(ChatClientMetadata)));
        Assert.Same(_client, _client.GetService(typeof(ShadowChatClient)));
        _client.Dispose();
        await _client.DisposeAsync();
        Assert.False(_stable.IsDisposed || _shadow.IsDisposed);
        Assert.Equal("v1", (await _client.GetResponseAsync(ChatWorld.Hello)).Text);
        Assert.Equal((1, 1), (_client.Counts.Offered, _client.Counts.Dropped));
    }
}
