using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using AgentCanary.Server.Api;
using AgentCanary.Spec;
using AgentCanary.Testing;

namespace AgentCanary.Server.Tests.Api;

public sealed class ApplyTests
{
    private const string Path = "/api/v1/rollouts/support-agent";

    [Theory]
    [InlineData("application/yaml")]
    [InlineData("application/json; charset=utf-8")]
    [InlineData("text/yaml")]
    public async Task A_new_file_starts_its_rollout(string contentType)
    {
        await using var host = await AdminHost.StartAsync(new FakeRollouts());
        using var client = new TestClient(host.Address);

        var answer = await client.SendAsync("PUT", Path, FakeRollouts.File(canary: "v1.1.0", stages: 3), contentType);

        Assert.Equal((HttpStatusCode.OK, "\"1\""), (answer.Status, answer.Header("ETag")));
        Assert.Equal(("Progressing", 3), (JsonNode.Parse(answer.Body)!["phase"]!.GetValue<string>(), JsonNode.Parse(answer.Body)!["stages"]!.GetValue<int>()));
    }

    [Fact]
    public async Task Other_stages_of_the_same_versions_are_refused_unless_they_supersede()
    {
        await using var host = await AdminHost.StartAsync(new FakeRollouts());
        using var client = new TestClient(host.Address);
        await client.SendAsync("PUT", Path, FakeRollouts.File(canary: "v1.1.0", stages: 3), "application/yaml");

        var refused = await client.SendAsync("PUT", Path, FakeRollouts.File(canary: "v1.1.0", stages: 4), "application/yaml");
        var superseded = await client.SendAsync("PUT", $"{Path}?supersede=true", FakeRollouts.File(canary: "v1.1.0", stages: 4), "application/yaml");

        Assert.Equal((HttpStatusCode.Conflict, "urn:agentcanary:problem:refused"), (refused.Status, JsonNode.Parse(refused.Body)!["type"]!.GetValue<string>()));
        Assert.Equal((HttpStatusCode.OK, 2), (superseded.Status, JsonNode.Parse(superseded.Body)!["attempt"]!.GetValue<int>()));
    }

    [Fact]
    public async Task Every_fault_of_a_refused_file_is_told_and_nothing_changes()
    {
        var rollouts = new FakeRollouts();
        await using var host = await AdminHost.StartAsync(rollouts);
        using var client = new TestClient(host.Address);

        var answer = await client.SendAsync("PUT", Path, FakeRollouts.File().Replace("weight: 5%", "weight: 5, wieght: 1", StringComparison.Ordinal), "application/yaml");

        Assert.Equal(HttpStatusCode.BadRequest, answer.Status);
        AssertJson.Equal("""
            {"type":"urn:agentcanary:problem:invalid-file","title":"Invalid rollout file","status":400,"detail":"The rollout file has 2 faults; nothing of it took effect.",
             "faults":[{"file":"-","line":5,"column":25,"path":"stages[0].weight","message":"'5' is not a fraction of 0 to 1: write 5% for per cent"},
                       {"file":"-","line":5,"column":28,"path":"stages[0].wieght","message":"unknown key: did you mean 'weight'?"}]}
            """, answer.Body);
        Assert.Empty(rollouts.Snapshots);
    }

    [Fact]
    public async Task A_secret_that_the_server_does_not_have_refuses_the_file_before_any_traffic_could_miss_it()
    {
        var rollouts = new FakeRollouts();
        await using var host = await AdminHost.StartAsync(rollouts);
        using var client = new TestClient(host.Address);
        var file = FakeRollouts.File().Replace("9102 }", "9102, headers: { authorization: \"env:AGENTCANARY_NO_SUCH\" } }", StringComparison.Ordinal);

        var answer = await client.SendAsync("PUT", Path, file, "application/yaml");

        Assert.Equal(HttpStatusCode.BadRequest, answer.Status);
        Assert.Equal(
            "support-agent: canary.headers.authorization: env:AGENTCANARY_NO_SUCH is not set: set it where the server is started.",
            JsonNode.Parse(answer.Body)!["detail"]!.GetValue<string>());
        Assert.Empty(rollouts.Snapshots);
    }

    [Theory]
    [InlineData("other-agent", "", "is for agent 'other-agent'")]
    [InlineData("support-agent other-agent", "", "holds 2 rollouts")]
    [InlineData("support-agent", "?supersede=yes", "supersede is 'yes'")]
    public async Task A_file_that_does_not_fit_its_address_is_400(string agents, string query, string detail)
    {
        var body = string.Join("---\n", agents.Split(' ').Select(agent => FakeRollouts.File(agent)));
        var rollouts = new FakeRollouts();
        await using var host = await AdminHost.StartAsync(rollouts);
        using var client = new TestClient(host.Address);

        var answer = await client.SendAsync("PUT", Path + query, body, "application/yaml");

        Assert.Equal(HttpStatusCode.BadRequest, answer.Status);
        Assert.Contains(detail, answer.Body, StringComparison.Ordinal);
        Assert.Empty(rollouts.Snapshots);
    }

    [Fact]
    public async Task A_file_judged_on_an_older_revision_is_refused()
    {
        await using var host = await AdminHost.StartAsync(new FakeRollouts());
        using var client = new TestClient(host.Address);

        var absent = await client.SendAsync("PUT", Path, FakeRollouts.File(canary: "v1.1.0", stages: 3), "application/yaml", ("If-Match", "\"1\""));
        await client.SendAsync("PUT", Path, FakeRollouts.File(canary: "v1.1.0", stages: 3), "application/yaml");
        var stale = await client.SendAsync("PUT", Path, FakeRollouts.File(canary: "v1.2.0", stages: 3), "application/yaml", ("If-Match", "\"9\""));
        var fresh = await client.SendAsync("PUT", Path, FakeRollouts.File(canary: "v1.2.0", stages: 3), "application/yaml", ("If-Match", "\"1\""));

        Assert.Equal([HttpStatusCode.Conflict, HttpStatusCode.Conflict, HttpStatusCode.OK], new[] { absent.Status, stale.Status, fresh.Status });
    }

    [Fact]
    public async Task What_cannot_be_kept_is_507()
    {
        await using var host = await AdminHost.StartAsync(new FakeRollouts { IsDiskFull = true });
        using var client = new TestClient(host.Address);

        Assert.Equal(HttpStatusCode.InsufficientStorage, (await client.SendAsync("PUT", Path, FakeRollouts.File(canary: "v1.1.0", stages: 3), "application/yaml")).Status);
    }
}
