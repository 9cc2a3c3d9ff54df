using System.Collections.Concurrent;
using System.Net;
using System.Text.Json.Nodes;
using AgentCanary.Cli.Demo;
using AgentCanary.Testing;

namespace AgentCanary.Cli.Tests.Demo;

public sealed class CrowdTests
{
    [Fact]
    public async Task The_crowd_keeps_its_rate_while_no_answer_comes()
    {
        var gateway = new FakeGateway(answers: false);
        await SendForOneSecondAsync(gateway);
        Assert.InRange(gateway.Requests.Count, Crowd.Rate - 5, Crowd.Rate + 1);
    }

    [Fact]
    public async Task Users_send_their_sticky_id_and_some_ask_for_streams()
    {
        var gateway = new FakeGateway(answers: true);
        await SendForOneSecondAsync(gateway);
        Assert.All(gateway.Requests, request => Assert.Matches("^user-[0-9]{4}$", request.User));
        Assert.InRange(gateway.Requests.Count(request => request.Streams), gateway.Requests.Count / 5, gateway.Requests.Count / 3);
    }

    [Fact]
    public void A_user_carries_the_conversation_along_and_then_begins_another()
    {
        var user = new SimulatedUser(7);
        var lengths = new List<int>();
        for (var i = 0; i < 20; i++)
        {
            var messages = JsonNode.Parse(user.Speak())!["messages"]!.AsArray();
            user.Hear("answer");
            lengths.Add(messages.Count);
            Assert.Equal("user", messages[^1]!["role"]!.GetValue<string>());
            Assert.DoesNotContain("{0}", messages[^1]!["content"]!.GetValue<string>(), StringComparison.Ordinal);
        }

        Assert.All(lengths.Zip(lengths.Skip(1)), pair => Assert.True(pair.Second == pair.First + 2 || pair.Second == 1));
        Assert.InRange(lengths.Count(length => length == 1), 4, 8);
    }

    [Fact]
    public void The_tally_counts_by_version_and_keeps_the_first_withheld_answer_and_who_moved_back()
    {
        var time = new ManualTimeProvider();
        var tally = new CrowdTally(time);
        var first = time.GetUtcNow();
        tally.Add("a", Answer("v1.1.0", AnswerKind.Withheld), isAfter: false);
        time.Advance(TimeSpan.FromSeconds(1));
        tally.Add("a", Answer("v1.1.0", AnswerKind.Withheld), isAfter: false);
        tally.Add("a", Answer("v1.1.0", AnswerKind.Failed), isAfter: false);
        tally.Add("a", Answer("v1.0.0", AnswerKind.Refused), isAfter: false);
        tally.Add("b", UserAnswer.None, isAfter: false);
        tally.Add([new Thumb("v1.1.0", "d", IsUp: false), new Thumb("v1.0.0", "e", IsUp: true)]);
        tally.End();
        tally.Add("c", Answer("v1.0.0", AnswerKind.Helpful), isAfter: tally.IsOver);
        Assert.Equal(
            new CrowdFigures
            {
                Canary = new VersionCount { Requests = 3, Failed = 1, Withheld = 2, Thumbs = 1 },
                Stable = new VersionCount { Requests = 2, Refused = 1, Helped = 1, Thumbs = 1, ThumbsUp = 1 },
                Nobody = new VersionCount { Requests = 1, Failed = 1 },
                Moved = 1, FirstWithheld = first, FirstThumb = first.AddSeconds(1), StableAfter = 1,
            },
            tally.Figures);
        Assert.Equal((6, 2), (tally.Figures.Requests, tally.Figures.Failed));
    }

    [Fact]
    public void Users_rate_most_answers_and_like_what_helped_them()
    {
        var users = Enumerable.Range(1, 1000).Select(number => new SimulatedUser(number)).ToList();
        var helped = users.Select(user => user.Rate(AnswerKind.Helpful)).OfType<bool>().ToList();
        var evaded = users.Select(user => user.Rate(AnswerKind.Evasive)).OfType<bool>().ToList();
        Assert.InRange(helped.Count, 740, 860);
        Assert.InRange(helped.Count(isUp => isUp), 0.9 * helped.Count, 0.99 * helped.Count);
        Assert.InRange(evaded.Count(isUp => isUp), 0.05 * evaded.Count, 0.15 * evaded.Count);
        Assert.DoesNotContain(users, user => user.Rate(AnswerKind.Failed) is not null || user.Rate(AnswerKind.Withdrawn) is not null);
    }

    private static UserAnswer Answer(string version, AnswerKind kind) => new(version, "d", kind, "");

    private static async Task SendForOneSecondAsync(FakeGateway gateway)
    {
        var time = new ManualTimeProvider();
        using var http = new HttpClient(gateway);
        using var stop = new CancellationTokenSource();
        using var limit = new CancellationTokenSource(Eventually.Limit);
        var crowd = new Crowd(http, new Uri("http://gateway.test/"), new ThumbQueue(time, TimeSpan.FromSeconds(5)), time).RunAsync(stop.Token);
        for (var i = 0; i < 100; i++)
        {
            time.Advance(TimeSpan.FromMilliseconds(10));
            // The crowd waits on the timer's thread pool continuation; the next beat may only come once it has taken this one.
            while (gateway.Requests.Count < (i * Crowd.Rate / 100) - 1)
            {
                limit.Token.ThrowIfCancellationRequested();
                await Task.Yield();
            }
        }

        await stop.CancelAsync();
        await crowd;
    }

    private sealed class FakeGateway(bool answers) : HttpMessageHandler
    {
        public ConcurrentQueue<(string User, bool Streams)> Requests { get; } = new();

        protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            var body = JsonNode.Parse(await request.Content!.ReadAsStringAsync(cancellationToken))!;
            Requests.Enqueue((request.Headers.GetValues("x-user-id").Single(), body["stream"]!.GetValue<bool>()));
            if (!answers) await Task.Delay(Timeout.Infinite, cancellationToken);
            return new HttpResponseMessage(HttpStatusCode.OK) { Content = new StringContent("{}") };
        }
    }
}
