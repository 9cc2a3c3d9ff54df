namespace AgentCanary.Server.Gateway;

/// <summary>What comes on a bare socket, byte for byte: refused before an agent sees any of it, or passed whole.</summary>
public sealed class StrictnessTests
{
    private const string Smuggled = "GET /smuggled HTTP/1.1\r\nHost: a\r\n\r\n";

    public static TheoryData<string, string, int> Corpus => new()
    {
        { "a signed length", "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: +5\r\n\r\nhello", 400 },
        { "a negative length", "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: -5\r\n\r\nhello", 400 },
        { "a length with an inner blank", "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 5 5\r\n\r\nhello", 400 },
        { "a hexadecimal length", "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 0x5\r\n\r\nhello", 400 },
        { "a length beyond 64 bits", "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 99999999999999999999999\r\n\r\nhello", 400 },
        { "two lengths", "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\nContent-Length: 6\r\n\r\nhello", 400 },
        { "a list of lengths", "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 5, 5\r\n\r\nhello", 400 },
        { "a length too large", "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 30000001\r\n\r\n", 413 },
        { "a packed transfer coding", "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n" + Smuggled, 400 },
        { "chunked last but one", "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked, identity\r\n\r\n0\r\n\r\n" + Smuggled, 400 },
        { "an unknown transfer coding", "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: xchunked\r\n\r\n0\r\n\r\n" + Smuggled, 400 },
        { "two transfer codings", "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n" + Smuggled, 400 },
        { "chunked on HTTP/1.0", "POST / HTTP/1.0\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n" + Smuggled, 400 },
        { "a bad chunk size", "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\nhello\r\n0\r\n\r\n", 400 },
        { "a negative chunk size", "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n-5\r\nhello\r\n0\r\n\r\n", 400 },
        { "a chunk longer than its size", "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nhello\r\n0\r\n\r\n", 400 },
        { "a blank before the colon", "GET / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding : chunked\r\n\r\n", 400 },
        { "a folded header", "GET / HTTP/1.1\r\nHost: a\r\nX-A: b\r\n c\r\n\r\n", 400 },
        { "a bare line feed after a header", "GET / HTTP/1.1\r\nHost: a\nX-A: b\r\n\r\n", 400 },
        { "a bare carriage return in a header", "GET / HTTP/1.1\r\nHost: a\r\nX-A: b\rX-B: c\r\n\r\n", 400 },
        { "a NUL in a header", "GET / HTTP/1.1\r\nHost: a\r\nX-A: b\0c\r\n\r\n", 400 },
        { "no host", "GET / HTTP/1.1\r\n\r\n", 400 },
        { "two hosts", "GET / HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n", 400 },
        { "an underscored length", "POST / HTTP/1.1\r\nHost: a\r\nContent_Length: 5\r\nContent-Length: 0\r\n\r\n", 400 },
        { "an underscored transfer coding", "POST / HTTP/1.1\r\nHost: a\r\nTransfer_Encoding: chunked\r\nContent-Length: 0\r\n\r\n", 400 },
        { "an underscored authorization", "GET / HTTP/1.1\r\nHost: a\r\nProxy: x\r\nAUTHORIZATION_: y\r\nX: z\r\nauthorization: a\r\nAuthorization: b\r\n\r\n", 400 },
        { "two authorizations", "GET / HTTP/1.1\r\nHost: a\r\nAuthorization: a\r\nAuthorization: b\r\n\r\n", 400 },
        { "an absolute target", "GET http://b/x HTTP/1.1\r\nHost: b\r\n\r\n", 400 },
        { "an asterisk", "OPTIONS * HTTP/1.1\r\nHost: a\r\n\r\n", 400 },
        { "a tunnel", "CONNECT a:443 HTTP/1.1\r\nHost: a:443\r\n\r\n", 400 },
        { "a trace", "TRACE / HTTP/1.1\r\nHost: a\r\n\r\n", 400 },
        { "an empty segment", "GET //x HTTP/1.1\r\nHost: a\r\n\r\n", 400 },
        { "a parent segment", "GET /a/../b HTTP/1.1\r\nHost: a\r\n\r\n", 400 },
        { "an escaped parent segment", "GET /a/%2e%2E/b HTTP/1.1\r\nHost: a\r\n\r\n", 400 },
        { "an escaped slash", "GET /a%2fb HTTP/1.1\r\nHost: a\r\n\r\n", 400 },
        { "a path parameter", "GET /a;x/b HTTP/1.1\r\nHost: a\r\n\r\n", 400 },
        { "a fragment", "GET /a#b HTTP/1.1\r\nHost: a\r\n\r\n", 400 },
        { "33 KB of headers", "GET / HTTP/1.1\r\nHost: a\r\nX-A: " + new string('x', 33_000) + "\r\n\r\n", 431 },
        { "101 headers", "GET / HTTP/1.1\r\nHost: a\r\n" + string.Concat(Enumerable.Range(0, 101).Select(i => $"X-{i}: y\r\n")) + "\r\n", 431 },
        { "a target of 9 KB", "GET /" + new string('x', 9_000) + " HTTP/1.1\r\nHost: a\r\n\r\n", 414 },
    };

    [Theory, MemberData(nameof(Corpus))]
    public async Task What_programs_read_differently_is_refused(string what, string bytes, int status)
    {
        await using var agent = await TestAgent.StartAsync("agent");
        await using var gateway = await GatewayHost.StartAsync(Some.Spec(agent.Address, agent.Address));
        Assert.True(await RawClient.StatusAsync(gateway.Address, bytes) == status, what);
        Assert.DoesNotContain(agent.Requests, request => request.Line.Contains("smuggled", StringComparison.Ordinal));
        await gateway.BalanceAsync();
    }

    [Theory]
    [InlineData("Content-Length: 5\r\nTransfer-Encoding: chunked\r\n", "5\r\nhello\r\n0\r\n\r\n")]
    [InlineData("Transfer-Encoding: chunked\r\nContent-Length: 5\r\n", "5\r\nhello\r\n0\r\n\r\n")]
    public async Task With_both_a_length_and_chunks_the_connection_smuggles_nothing(string framing, string body)
    {
        await using var agent = await TestAgent.StartAsync("agent");
        await using var gateway = await GatewayHost.StartAsync(Some.Spec(agent.Address, agent.Address));
        using var client = await RawClient.OpenAsync(gateway.Address);
        await client.SendAsync($"POST /first HTTP/1.1\r\nHost: a\r\n{framing}\r\n{body}{Smuggled}");
        await client.ReadToEndAsync();
        Assert.DoesNotContain(agent.Requests, request => request.Line == "GET /first" || request.Headers.ContainsKey("transfer-encoding") && request.Headers.ContainsKey("content-length"));
    }

    [Fact]
    public async Task Requests_in_good_form_pass_one_after_another_on_one_connection()
    {
        await using var agent = await TestAgent.StartAsync("agent");
        await using var gateway = await GatewayHost.StartAsync(Some.Spec(agent.Address, agent.Address));
        using var client = await RawClient.OpenAsync(gateway.Address);
        await client.SendAsync("POST /1?a=b;c HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\nhelloPOST /2 HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nworld\r\n0\r\n\r\nGET /3/%C3%A4 HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n");
        var (text, _) = await client.ReadToEndAsync();
        Assert.Equal(3, text.Split("HTTP/1.1 200 OK").Length - 1);
        Assert.Equal([("POST /1?a=b;c", "hello"), ("POST /2", "world"), ("GET /3/%C3%A4", "")], agent.Requests.Select(r => (r.Line, r.Body)));
    }

    [Fact]
    public async Task A_chunked_body_that_grows_too_large_is_a_413()
    {
        await using var agent = await TestAgent.StartAsync("agent");
        await using var gateway = await GatewayHost.StartAsync(options => options.MaxRequestBody = 1000, Some.Spec(agent.Address, agent.Address));
        var body = $"POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n800\r\n{new string('x', 0x800)}\r\n0\r\n\r\n";
        Assert.Equal(413, await RawClient.StatusAsync(gateway.Address, body));
        await gateway.BalanceAsync();
        Assert.Equal(OutcomeClass.ErrorClient, gateway.Outcomes.All.Single().Outcome.Class);
    }

    [Fact]
    public async Task One_connection_too_many_is_closed_and_the_others_go_on()
    {
        await using var agent = await TestAgent.StartAsync("agent");
        await using var gateway = await GatewayHost.StartAsync(options => options.MaxConnections = 2, Some.Spec(agent.Address, agent.Address));
        const string Get = "GET / HTTP/1.1\r\nHost: a\r\n\r\n";
        using var one = await RawClient.OpenAsync(gateway.Address);
        using var two = await RawClient.OpenAsync(gateway.Address);
        await one.SendAsync(Get);
        await two.SendAsync(Get);
        Assert.Contains("200 OK", await one.ReadHeadAsync(), StringComparison.Ordinal);
        Assert.Contains("200 OK", await two.ReadHeadAsync(), StringComparison.Ordinal);
        Assert.Equal(0, await RawClient.StatusAsync(gateway.Address, Get));
    }
}
