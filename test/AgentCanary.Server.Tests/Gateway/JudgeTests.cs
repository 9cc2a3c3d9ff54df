using System.Collections.Immutable;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;
using AgentCanary.Shadow;
using AgentCanary.Spec;
using AgentCanary.Testing;
using Microsoft.AspNetCore.Http;

namespace AgentCanary.Server.Gateway;

public sealed class JudgeTests
{
    private const string StableText = "Your order 17 was shipped on Monday.";
    private const string CanaryText = "I do not know.";

    [Theory]
    [InlineData("better: stable", JudgeVerdict.Stable, false), InlineData("better: canary", JudgeVerdict.Canary, true), InlineData("always a", JudgeVerdict.Split, true), InlineData("tie", JudgeVerdict.Tie, true)]
    public async Task A_pair_is_judged_in_both_orders_and_agrees_unless_stable_wins_both(string judge, JudgeVerdict verdict, bool agrees)
    {
        await using var world = await World.StartAsync(judge);
        await world.AskAsync(1);
        var pair = await world.PairAsync();
        Assert.Equal((verdict, agrees), (pair.Verdict, pair.Agrees));
        Assert.Equal([(StableText, CanaryText), (CanaryText, StableText)], world.Questions.Select(asked => (asked.A, asked.B)));
        Assert.All(world.Questions, asked => Assert.Equal("""{"q":17}""", asked.Request));
    }

    [Fact]
    public async Task The_judge_has_its_own_secret_and_nothing_of_the_users()
    {
        Environment.SetEnvironmentVariable("AGENTCANARY_TEST_JUDGE", "Bearer judge-key");
        await using var world = await World.StartAsync("tie", judge => judge with { Headers = judge.Headers.Add("authorization", "env:AGENTCANARY_TEST_JUDGE") });
        await world.AskAsync(1);
        await world.PairAsync();
        Assert.All(world.Judge.Requests, request =>
        {
            Assert.Equal(("Bearer judge-key", "application/json"), (request.Headers["authorization"], request.Headers["content-type"]));
            Assert.DoesNotContain(request.Headers.Keys, name => name is "cookie" or "x-user-id" or "traceparent" or "baggage");
        });
    }

    [Fact]
    public async Task A_chat_endpoint_is_asked_as_it_is_used_to()
    {
        await using var world = await World.StartAsync("chat: b", judge => judge with { Model = "gpt-x", Instruction = "Prefer the shorter one." });
        await world.AskAsync(1);
        Assert.Equal((JudgeVerdict.Split, true), ((await world.PairAsync()).Verdict, (await world.PairAsync()).Agrees));
        using var asked = JsonDocument.Parse(world.Judge.Requests.First().Body);
        Assert.Equal("gpt-x", asked.RootElement.GetProperty("model").GetString());
        Assert.Contains("Prefer the shorter one.", asked.RootElement.GetProperty("messages")[0].GetProperty("content").GetString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("status 500", false), InlineData("nonsense", true), InlineData("too long", true), InlineData("status 302", false), InlineData("status 429", false), InlineData("status 401", false)]
    [InlineData("status 400", true), InlineData("status 413", true), InlineData("status 403", true)]
    public async Task A_judge_that_fails_gives_no_data_whatever_is_known_of_the_answers_and_one_that_refuses_them_is_told_apart(string judge, bool isRefusal)
    {
        await using var world = await World.StartAsync(judge, canary: context => context.Request.Path.Value switch
        {
            "/same" => context.Response.WriteAsync(StableText),
            "/broken" => Fail(context),
            _ => context.Response.WriteAsync(CanaryText),
        });
        foreach (var path in (string[])["/same", "/broken", "/other"]) await world.AskAsync(1, path);
        await Eventually.TrueAsync(() => world.Pairs.Length == 3);
        Assert.All(world.Pairs, pair => Assert.Null(pair.Agrees));
        Assert.Equal((0, isRefusal ? 3 : 0, isRefusal ? 0 : 3), (world.Counts.Judged, world.Counts.Refused, world.Counts.NoData));
        Assert.Equal(0, world.Agreements);
        Assert.Equal(isRefusal, world.Reason.Contains("3 of 3 pairs the judge would not judge", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_judge_that_closes_its_connections_is_asked_over_new_ones()
    {
        await using var closing = new RawAgent(async (socket, cancellation) =>
        {
            await ReadWholeAsync(socket, cancellation);
            await socket.SendAsync("HTTP/1.1 200 OK\r\ncontent-length: 16\r\n\r\n{\"winner\":\"tie\"}"u8.ToArray(), cancellation);
            await socket.ReceiveAsync(new byte[1], cancellation); // and is gone when the next request comes
        });
        await using var world = await World.StartAsync("tie", judge => judge with { Url = closing.Address.ToString() });
        await world.AskAsync(1);
        Assert.Equal(JudgeVerdict.Tie, (await world.PairAsync()).Verdict);
        Assert.Equal(2, closing.Connections);
    }

    [Fact]
    public async Task What_is_known_of_a_pair_stays_known_once_the_judge_has_answered()
    {
        await using var world = await World.StartAsync("always a", canary: context => context.Request.Path == "/same" ? context.Response.WriteAsync(StableText) : Fail(context));
        await world.AskAsync(1, "/same");
        await world.AskAsync(1, "/broken");
        await Eventually.TrueAsync(() => world.Pairs.Length == 2);
        Assert.Equal([false, true], world.Pairs.Select(pair => pair.Agrees!.Value).Order());
        Assert.All(world.Questions, asked => Assert.Equal((StableText, StableText), (asked.A, asked.B)));
    }

    [Fact]
    public async Task Beyond_the_hours_budget_pairs_count_for_nothing_until_the_next_hour()
    {
        var time = new ManualTimeProvider();
        await using var world = await World.StartAsync("tie", judge => judge with { PerHour = 2 }, time: time);
        for (var i = 1; i <= 4; i++)
        {
            await world.AskAsync(1);
            await Eventually.TrueAsync(() => world.Pairs.Length == i);
        }
        Assert.Equal([null, null, true, true], world.Pairs.Select(pair => pair.Agrees));
        Assert.Equal((2, 2), (world.Counts.Tie, world.Counts.NoData));
        time.Advance(TimeSpan.FromHours(1));
        await world.AskAsync(1);
        await Eventually.TrueAsync(() => world.Counts.Tie == 3);
    }

    [Fact]
    public async Task Pairs_outside_of_the_sample_are_neither_judged_nor_evidence()
    {
        await using var world = await World.StartAsync("better: stable", judge => judge with { Sample = Weight.FromPercent(25) });
        for (var i = 1; i <= 48; i++)
        {
            await world.AskAsync(1);
            await Eventually.TrueAsync(() => world.Pairs.Length == i);
        }
        Assert.InRange(world.Counts.Judged, 1, 35); // 12 expected, give or take 3
        Assert.Equal((world.Counts.Judged, 2 * world.Counts.Judged), (world.Agreements, world.Judge.Requests.Count));
        Assert.Equal(48 - world.Counts.Judged, world.Pairs.Count(pair => pair.Agrees is null));
    }

    [Fact]
    public async Task Users_do_not_wait_for_a_judge_that_hangs()
    {
        await using var world = await World.StartAsync("hang");
        await world.AskAsync(40);
        Assert.True(world.Judge.Requests.Count <= 4);
        Assert.Equal(0, world.Agreements);
        // 4 are asked about and 16 wait; the others are told and counted at once.
        await Eventually.TrueAsync(() => world.Pairs.Length == 20);
        Assert.Equal(20, world.Counts.NoData);
    }

    private static async Task ReadWholeAsync(Socket socket, CancellationToken cancellation)
    {
        var buffer = new byte[64 << 10];
        var text = "";
        while (!text.Contains("\r\n\r\n{", StringComparison.Ordinal) || !text.EndsWith('}'))
            text += Encoding.UTF8.GetString(buffer, 0, await socket.ReceiveAsync(buffer, cancellation));
    }

    private static Task Fail(HttpContext context)
    {
        context.Response.StatusCode = 500;
        return context.Response.WriteAsync("broken");
    }

    private sealed class World(TestAgent stable, TestAgent canary, TestAgent judge, GatewayHost gateway) : IAsyncDisposable
    {
        public TestAgent Judge => judge;

        public ImmutableArray<ShadowPair> Pairs => gateway.Get<ShadowPairs>().Read("support-agent");

        public JudgeCounts Counts => gateway.Counters.Judges.GetValueOrDefault("support-agent");

        public IEnumerable<JudgeQuestion> Questions => judge.Requests.Select(request => JsonSerializer.Deserialize<JudgeQuestion>(request.Body, JsonSerializerOptions.Web)!);

        public string Reason => gateway.Get<RolloutRegistry>().Current["support-agent"].Analyze().Checks.Single().Reason;

        public long Agreements => gateway.Get<RolloutRegistry>().Current["support-agent"].Analyze().Checks.Single().CanaryCount;

        public static async Task<World> StartAsync(string judge, Func<JudgeSpec, JudgeSpec>? terms = null, RequestDelegate? canary = null, TimeProvider? time = null)
        {
            var stable = await TestAgent.StartAsync(StableText);
            var other = await TestAgent.StartAsync(canary ?? (context => context.Response.WriteAsync(CanaryText)));
            TestAgent? asked = null;
            asked = await TestAgent.StartAsync(context => AnswerAsync(judge, asked!.Requests.Last().Body, context));
            var spec = Some.Spec(stable.Address, other.Address, percent: 0);
            var known = new JudgeSpec(asked.Address.ToString());
            spec = spec with
            {
                Stages = [spec.Stages[0] with { Shadow = Weight.Full, Checks = [Check.Parse("shadow_agreement > 0.9")] }, spec.Stages[1]],
                Analysis = new() { Mode = AnalysisMode.Point },
                Shadow = new() { Safe = ["/*"], Judge = terms?.Invoke(known) ?? known, Budget = new() },
            };
            return new(stable, other, asked, await GatewayHost.StartAsync(time ?? TimeProvider.System, _ => { }, spec));
        }

        public async Task AskAsync(int times, string path = "/chat")
        {
            for (var i = 0; i < times; i++)
            {
                var before = gateway.Counters.Shadows.GetValueOrDefault("support-agent").Offered;
                Assert.Equal(StableText, (await gateway.Client.SendAsync("POST", path, """{"q":17}""", headers: [("Authorization", "Bearer user"), ("Cookie", "uid=1"), ("x-user-id", "u1")])).Body);
                await Eventually.TrueAsync(() => gateway.Counters.Shadows.GetValueOrDefault("support-agent") is { Pending: 0 } counts && counts.Offered == before + 1);
            }
        }

        public async Task<ShadowPair> PairAsync()
        {
            await Eventually.TrueAsync(() => Pairs.Length == 1);
            return Pairs.Single();
        }

        public async ValueTask DisposeAsync()
        {
            await gateway.DisposeAsync();
            await stable.DisposeAsync();
            await canary.DisposeAsync();
            await judge.DisposeAsync();
        }

        private static async Task AnswerAsync(string judge, string body, HttpContext context)
        {
            if (judge == "hang") await Task.Delay(Timeout.InfiniteTimeSpan, context.RequestAborted);
            if (judge.StartsWith("status ", StringComparison.Ordinal)) context.Response.StatusCode = int.Parse(judge[7..], System.Globalization.CultureInfo.InvariantCulture);
            await context.Response.WriteAsync(judge switch
            {
                "tie" => """{"winner":"tie"}""",
                "always a" => """{"winner":"a","reason":"it stands first"}""",
                "chat: b" => """{"choices":[{"message":{"content":"{\"winner\":\"b\"}"}}]}""",
                "nonsense" => "I prefer a.",
                "too long" => "{\"winner\":\"a\",\"reason\":\"" + new string('x', 70_000) + "\"}",
                "better: stable" => Winner(body, StableText),
                "better: canary" => Winner(body, CanaryText),
                _ => """{"winner":"a"}""",
            });
        }

        private static string Winner(string body, string better) =>
            JsonSerializer.Deserialize<JudgeQuestion>(body, JsonSerializerOptions.Web)!.A == better ? """{"winner":"a"}""" : """{"winner":"b"}""";
    }
}
