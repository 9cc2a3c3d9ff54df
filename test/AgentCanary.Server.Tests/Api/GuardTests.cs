using System.Net;
using System.Text.Json.Nodes;
using AgentCanary.Control;
using AgentCanary.Testing;

namespace AgentCanary.Server.Tests.Api;

public sealed class GuardTests
{
    private static readonly string[] Paths = ["/api/v1/rollouts", "/api/v1/rollouts/support-agent", "/livez", "/readyz", "/metrics", "/nothing-here"];

    private static FakeRollouts Rollouts => new FakeRollouts().With(FakeRollouts.Snapshot(new RolloutState { Spec = FakeRollouts.Spec(), Phase = Phase.Progressing, Revision = 7 }));

    [Theory]
    [InlineData("evil.example", 421)]
    [InlineData("evil.example:8081", 421)]
    [InlineData("localhost.evil.example", 421)]
    [InlineData("127.0.0.1.evil.example", 421)]
    [InlineData("192.168.1.7", 421)]
    [InlineData("0.0.0.0", 421)]
    [InlineData("[::2]", 421)]
    [InlineData("localhost.", 421)]
    [InlineData("localhost", 200)]
    [InlineData("LOCALHOST:9", 200)]
    [InlineData("127.0.0.1", 200)]
    [InlineData("127.8.9.10:8081", 200)]
    [InlineData("[::1]:8081", 200)]
    public async Task A_foreign_host_is_421_and_this_machine_is_not_foreign(string host, int status)
    {
        await using var server = await AdminHost.StartAsync(Rollouts);
        using var client = new TestClient(server.Address);

        var answer = await client.SendAsync("GET", "/api/v1/rollouts", null, null, ("Host", host));

        Assert.Equal(status, (int)answer.Status);
        if (status != 200) Assert.Equal("urn:agentcanary:problem:foreign-host", JsonNode.Parse(answer.Body)!["type"]!.GetValue<string>());
    }

    [Fact]
    public async Task A_foreign_host_gets_nothing_from_any_path()
    {
        await using var server = await AdminHost.StartAsync(Rollouts);
        using var client = new TestClient(server.Address);

        foreach (var path in Paths) Assert.Equal(421, (int)(await client.SendAsync("GET", path, null, null, ("Host", "rebound.example"))).Status);
    }

    [Theory]
    [InlineData("Origin", "http://evil.example", 403)]
    [InlineData("Origin", "null", 403)]
    [InlineData("Origin", "http://localhost:1", 403)]
    [InlineData("Origin", "https://SELF", 403)]
    [InlineData("Origin", "http://SELF", 200)]
    [InlineData("Origin", "http://SELF.evil.example", 403)]
    [InlineData("Sec-Fetch-Site", "cross-site", 403)]
    [InlineData("Sec-Fetch-Site", "same-site", 403)]
    [InlineData("Sec-Fetch-Site", "anything", 403)]
    [InlineData("Sec-Fetch-Site", "same-origin", 200)]
    [InlineData("Sec-Fetch-Site", "none", 200)]
    public async Task A_page_of_another_origin_may_neither_look_nor_act(string header, string value, int status)
    {
        var rollouts = Rollouts;
        await using var server = await AdminHost.StartAsync(rollouts);
        using var client = new TestClient(server.Address);
        var sent = value.Replace("SELF", server.Address.Authority, StringComparison.Ordinal);

        var look = await client.SendAsync("GET", "/api/v1/rollouts", null, null, (header, sent));
        var act = await client.SendAsync("POST", "/api/v1/rollouts/support-agent/rollback", "{}", "application/json", (header, sent));

        Assert.Equal((status, status), ((int)look.Status, (int)act.Status));
        Assert.Equal(status == 200 ? 1 : 0, rollouts.Asked.Count);
    }

    [Theory]
    [InlineData("POST", "/api/v1/rollouts/support-agent/pause", "application/x-www-form-urlencoded")]
    [InlineData("POST", "/api/v1/rollouts/support-agent/pause", "multipart/form-data; boundary=x")]
    [InlineData("POST", "/api/v1/rollouts/support-agent/pause", "text/plain")]
    [InlineData("POST", "/api/v1/rollouts/support-agent/pause", "application/yaml")]
    [InlineData("POST", "/api/v1/rollouts/support-agent/pause", "application/json; charset=utf-16")]
    [InlineData("POST", "/api/v1/rollouts/support-agent/pause", null)]
    [InlineData("PUT", "/api/v1/rollouts/support-agent", "text/plain")]
    [InlineData("PUT", "/api/v1/rollouts/support-agent", "application/x-www-form-urlencoded")]
    [InlineData("PUT", "/api/v1/rollouts/support-agent", null)]
    public async Task A_body_of_another_type_is_415(string method, string path, string? contentType)
    {
        var rollouts = Rollouts;
        await using var server = await AdminHost.StartAsync(rollouts);
        using var client = new TestClient(server.Address);

        var answer = await client.SendAsync(method, path, "{}", contentType);

        Assert.Equal((HttpStatusCode.UnsupportedMediaType, "application/problem+json"), (answer.Status, answer.ContentType));
        Assert.Empty(rollouts.Asked);
    }

    [Fact]
    public async Task A_body_of_more_than_256_KB_is_413_whether_its_length_is_told_or_not()
    {
        await using var server = await AdminHost.StartAsync(Rollouts);
        using var client = new TestClient(server.Address);
        var body = $$"""{"reason":"{{new string('x', 256 * 1024)}}"}""";

        foreach (var headers in new[] { Array.Empty<(string, string)>(), [("Transfer-Encoding", "chunked")] })
        {
            var answer = await client.SendAsync("POST", "/api/v1/rollouts/support-agent/pause", body, "application/json", headers);
            Assert.Equal((HttpStatusCode.RequestEntityTooLarge, "application/problem+json"), (answer.Status, answer.ContentType));
        }
    }

    [Theory]
    [InlineData("GET", "/nothing-here", 404, "not-found")]
    [InlineData("GET", "/", 404, "not-found")]
    [InlineData("DELETE", "/api/v1/rollouts/support-agent", 405, "method-not-allowed")]
    [InlineData("GET", "/api/v1/rollouts/support-agent/pause", 405, "method-not-allowed")]
    [InlineData("POST", "/metrics", 405, "method-not-allowed")]
    [InlineData("GET", "/api/v1/rollouts/support-agent/events?limit=0", 400, "invalid-request")]
    [InlineData("GET", "/api/v1/rollouts/support-agent/events?limit=1001", 400, "invalid-request")]
    [InlineData("GET", "/api/v1/rollouts/support-agent/events?after=-1", 400, "invalid-request")]
    [InlineData("GET", "/api/v1/rollouts/support-agent/events?after=x", 400, "invalid-request")]
    public async Task Every_error_is_a_problem(string method, string path, int status, string name)
    {
        await using var server = await AdminHost.StartAsync(Rollouts);
        using var client = new TestClient(server.Address);

        var answer = await client.SendAsync(method, path);

        Assert.Equal((status, "application/problem+json"), ((int)answer.Status, answer.ContentType));
        var problem = JsonNode.Parse(answer.Body)!;
        Assert.Equal(($"urn:agentcanary:problem:{name}", status), (problem["type"]!.GetValue<string>(), problem["status"]!.GetValue<int>()));
        Assert.NotEmpty(problem["title"]!.GetValue<string>());
        Assert.NotEmpty(problem["detail"]!.GetValue<string>());
        if (status == 405) Assert.NotEmpty(answer.Header("Allow"));
    }

    [Fact]
    public async Task Every_answer_may_neither_be_guessed_nor_kept_nor_framed()
    {
        await using var server = await AdminHost.StartAsync(Rollouts);
        using var client = new TestClient(server.Address);

        foreach (var path in Paths)
        {
            var answer = await client.SendAsync("GET", path);
            Assert.Equal(("nosniff", "no-store"), (answer.Header("X-Content-Type-Options"), answer.Header("Cache-Control")));
            Assert.Contains("frame-ancestors 'none'", answer.Header("Content-Security-Policy"), StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task A_store_that_cannot_be_read_is_503_with_what_to_do()
    {
        await using var server = await AdminHost.StartAsync(new FakeRollouts { IsDiskFull = true }.With(FakeRollouts.Snapshot(new RolloutState { Spec = FakeRollouts.Spec() })));
        using var client = new TestClient(server.Address);

        var answer = await client.SendAsync("GET", "/api/v1/rollouts/support-agent/events");

        Assert.Equal(HttpStatusCode.ServiceUnavailable, answer.Status);
        Assert.Contains("Free some space", answer.Body, StringComparison.Ordinal);
    }
}
