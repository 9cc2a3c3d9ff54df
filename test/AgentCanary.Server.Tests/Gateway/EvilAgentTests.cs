using System.Net;
using System.Net.Sockets;

namespace AgentCanary.Server.Gateway;

/// <summary>Agents that answer with something else than HTTP: a bounded 502, charged to that version.</summary>
public sealed class EvilAgentTests
{
    public static TheoryData<string, string> Answers => new()
    {
        { "no HTTP at all", "hello there\r\n\r\n" },
        { "nothing", "" },
        { "half a status line", "HTTP/1.1 2" },
        { "a status that is no number", "HTTP/1.1 abc OK\r\n\r\n" },
        { "an unknown version", "HTTP/9.9 200 OK\r\n\r\n" },
        { "a header without a colon", "HTTP/1.1 200 OK\r\nbroken header\r\n\r\n" },
        { "headers cut short", "HTTP/1.1 200 OK\r\nX-A: b\r\n" },
        { "a control character in a header", "HTTP/1.1 200 OK\r\nX-A: b\u0001c\r\nContent-Length: 0\r\n\r\n" },
        { "a bad chunk at once", "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n" },
        { "33 KB of headers", "HTTP/1.1 200 OK\r\nX-A: " + new string('x', 33 << 10) + "\r\nContent-Length: 0\r\n\r\n" },
        { "4,000 headers", "HTTP/1.1 200 OK\r\n" + string.Concat(Enumerable.Range(0, 4000).Select(i => $"X-{i}: yyyyyyyyyy\r\n")) + "Content-Length: 0\r\n\r\n" },
        { "two lengths", "HTTP/1.1 200 OK\r\nContent-Length: 5\r\nContent-Length: 7\r\n\r\nhello" },
    };

    [Theory, MemberData(nameof(Answers))]
    public async Task An_answer_that_is_not_http_is_a_502_and_that_versions_failure(string what, string words)
    {
        await using var agent = RawAgent.Saying(words);
        await using var gateway = await GatewayHost.StartAsync(Some.Spec(agent.Address, agent.Address, percent: 100));
        using var client = await RawClient.OpenAsync(gateway.Address);
        await client.SendAsync("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 2\r\nConnection: close\r\n\r\n{}");
        var (text, _) = await client.ReadToEndAsync();
        Assert.True(text.StartsWith("HTTP/1.1 502", StringComparison.Ordinal) || text.Length == 0, $"{what}: {text}");
        var outcome = await gateway.Outcomes.SingleAsync();
        Assert.Equal(Variant.Canary, gateway.Outcomes.All.Single().Assignment.Variant);
        Assert.True(outcome.Class is OutcomeClass.ErrorUpstream or OutcomeClass.StreamBroken, $"{what}: {outcome.Class}");
        await gateway.BalanceAsync();
    }

    [Fact]
    public async Task Endless_interim_answers_end_with_the_first_byte_timeout()
    {
        await using var agent = new RawAgent(async (socket, cancellation) =>
        {
            await RawAgent.ReadHeadAsync(socket, cancellation);
            using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(5));
            while (await timer.WaitForNextTickAsync(cancellation)) await socket.SendAsync("HTTP/1.1 102 Processing\r\n\r\n"u8.ToArray(), cancellation);
        });
        await using var gateway = await GatewayHost.StartAsync(options => options.FirstByteTimeout = TimeSpan.FromMilliseconds(300), Some.Spec(agent.Address, agent.Address));
        Assert.Equal(HttpStatusCode.GatewayTimeout, (await gateway.Client.SendAsync("GET", "/")).Status);
        Assert.Equal(OutcomeClass.Timeout, (await gateway.Outcomes.SingleAsync()).Class);
    }

    [Fact]
    public async Task Odd_trailers_do_not_hurt_an_answer()
    {
        await using var agent = RawAgent.Saying("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nhi\r\n0\r\nContent-Length: 99\r\nX-Canary-Variant: fake\r\nX-Odd: 1\r\n\r\n");
        await using var gateway = await GatewayHost.StartAsync(Some.Spec(agent.Address, agent.Address));
        var answer = await gateway.Client.SendAsync("GET", "/");
        Assert.Equal(("hi", HttpStatusCode.OK), (answer.Body, answer.Status));
        Assert.DoesNotContain("fake", string.Join(",", answer.Headers.Values), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Two_answers_to_one_request_never_reach_the_next_caller()
    {
        await using var agent = RawAgent.Saying("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nfirstHTTP/1.1 200 OK\r\nContent-Length: 6\r\n\r\nsecond");
        await using var gateway = await GatewayHost.StartAsync(Some.Spec(agent.Address, agent.Address));
        for (var i = 0; i < 3; i++) Assert.NotEqual("second", (await gateway.Client.SendAsync("GET", "/")).Body);
    }
}
