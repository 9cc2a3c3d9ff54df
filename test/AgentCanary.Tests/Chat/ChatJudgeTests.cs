using System.Collections.Concurrent;
using System.Text.Json;
using AgentCanary.Shadow;
using AgentCanary.Testing;
using Microsoft.Extensions.AI;

namespace AgentCanary.Tests.Chat;

public sealed class ChatJudgeTests
{
    private readonly FakeChat _model = new("judge");

    [Theory]
    [InlineData("good", "bad", JudgeVerdict.Stable), InlineData("bad", "good", JudgeVerdict.Canary), InlineData("good", "good too", JudgeVerdict.Tie)]
    public async Task Who_wins_in_both_orders_wins(string stable, string canary, JudgeVerdict verdict)
    {
        Prefer(question => question.A.StartsWith("good", StringComparison.Ordinal) == question.B.StartsWith("good", StringComparison.Ordinal) ? "tie" : question.A == "good" ? "a" : "b");
        var judge = new ChatJudge(_model);
        Assert.Equal(verdict, await judge.JudgeAsync("Where is order 17?", stable, canary));
        Assert.Equal([(stable, canary), (canary, stable)], _model.Calls.Select(call => Asked(call.Messages)).Select(asked => (asked.A, asked.B)));
        Assert.Equal((1, verdict is JudgeVerdict.Stable ? 0 : 1), (judge.Counts.Judged, judge.Counts.Agreement));
    }

    [Fact]
    public async Task A_model_that_likes_what_stands_first_decides_nothing()
    {
        Prefer(_ => "a");
        var judge = new ChatJudge(_model);
        Assert.Equal(JudgeVerdict.Split, await judge.JudgeAsync("q", "x", "y"));
        Assert.Equal(JudgeVerdict.Tie, await judge.JudgeAsync("q", "x", "x")); // equal answers are equal whatever it says
        Assert.Equal(new JudgeCounts(0, 0, 1, 1, 0), judge.Counts);
    }

    [Theory, InlineData("throws"), InlineData("babbles"), InlineData("hangs"), InlineData("fails in the second order")]
    public async Task A_model_that_fails_gives_no_data_and_throws_nothing(string model)
    {
        var time = new ManualTimeProvider();
        _model.Answer = _ => model switch
        {
            "throws" => throw new InvalidOperationException("no"),
            "hangs" => new TaskCompletionSource<ChatResponse>().Task,
            "fails in the second order" when _model.Calls.Count == 1 => Task.FromResult(Said("""{"winner":"a"}""")),
            _ => Task.FromResult(Said("Answer a is better.")),
        };
        var judge = new ChatJudge(_model, new() { TimeProvider = time, Timeout = TimeSpan.FromSeconds(5) });
        var judging = judge.JudgeAsync("q", "x", "x");
        if (model == "hangs") time.Advance(TimeSpan.FromSeconds(5));
        Assert.Null(await judging);
        Assert.Equal(new JudgeCounts(0, 0, 0, 0, 1), judge.Counts);
        Assert.Null(judge.Counts.Agreement);
    }

    [Fact]
    public async Task It_asks_within_its_sample_and_its_hourly_budget()
    {
        Prefer(_ => "tie");
        var time = new ManualTimeProvider();
        var judge = new ChatJudge(_model, new() { SampleRate = Weight.FromPercent(50), PerHour = 20, TimeProvider = time, Random = new Random(7) });
        for (var i = 0; i < 100; i++) await judge.JudgeAsync("q", "x", "y");
        Assert.Equal((20, 40), (judge.Counts.Tie, _model.Calls.Count));
        Assert.InRange(judge.Counts.NoData, 5, 55); // 50 are drawn, give or take 5, and 20 of them judged
        time.Advance(TimeSpan.FromHours(1));
        for (var i = 0; i < 20; i++) await judge.JudgeAsync("q", "x", "y");
        Assert.InRange(judge.Counts.Tie, 21, 40);
    }

    [Fact]
    public async Task A_shadowed_client_has_its_pairs_judged_off_the_callers_path()
    {
        Prefer(_ => "tie");
        var told = new ConcurrentQueue<(JudgeQuestion Question, JudgeVerdict? Verdict)>();
        var judge = new ChatJudge(_model, new() { Instruction = "Short is better.", Judged = (question, verdict) => told.Enqueue((question, verdict)) });
        var shadow = new FakeChat("v2") { Answer = _ => Task.FromResult(new ChatResponse(new ChatMessage(ChatRole.Assistant, [new FunctionCallContent("1", "find", new Dictionary<string, object?> { ["order"] = 17 })]))) };
        await using var client = new ShadowChatClient(new FakeChat("v1"), shadow, judge: judge);
        Assert.Equal("v1", (await client.GetResponseAsync(ChatWorld.Hello)).Text);
        await Eventually.TrueAsync(() => told.Count == 1);
        var (question, verdict) = told.Single();
        Assert.Equal((JudgeVerdict.Tie, "assistant: v1", "assistant: [calls find(order: 17)]"), (verdict, question.A, question.B));
        Assert.StartsWith("user: ", question.Request, StringComparison.Ordinal);
        Assert.Contains("\nShort is better.\n", _model.Last.Messages.First().Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_judge_that_hangs_delays_no_answer_and_no_dispose()
    {
        _model.Answer = _ => new TaskCompletionSource<ChatResponse>().Task;
        var time = new ManualTimeProvider();
        var client = new ShadowChatClient(new FakeChat("v1"), new FakeChat("v2"), options: new() { TimeProvider = time, Timeout = TimeSpan.FromSeconds(1) }, judge: new(_model));
        for (var i = 0; i < 10; i++) Assert.Equal("v1", (await client.GetResponseAsync(ChatWorld.Hello)).Text);
        await Eventually.TrueAsync(() => !_model.Calls.IsEmpty);
        var disposing = client.DisposeAsync().AsTask();
        await Eventually.TrueAsync(() =>
        {
            time.Advance(TimeSpan.FromSeconds(1));
            return disposing.IsCompleted;
        });
    }

    [Fact]
    public void Options_outside_their_range_are_refused()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => new ChatJudge(_model, new() { PerHour = 0 }));
        Assert.Throws<ArgumentOutOfRangeException>(() => new ChatJudge(_model, new() { Timeout = TimeSpan.Zero }));
    }

    private void Prefer(Func<JudgeQuestion, string> winner) =>
        _model.Answer = _ => Task.FromResult(Said($$"""{"winner":"{{winner(Asked(_model.Last.Messages))}}"}"""));

    private static JudgeQuestion Asked(IEnumerable<ChatMessage> messages) => JsonSerializer.Deserialize<JudgeQuestion>(messages.Last().Text, JsonSerializerOptions.Web)!;

    private static ChatResponse Said(string text) => new(new ChatMessage(ChatRole.Assistant, text));
}
