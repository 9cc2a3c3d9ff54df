using System.Text.Json.Nodes;
using AgentCanary.Testing;

namespace AgentCanary.Server.Tests.Api;

public sealed class ApiDocumentTests
{
    private static async Task<JsonNode> ReadAsync()
    {
        await using var host = await AdminHost.StartAsync(new FakeRollouts());
        using var client = new TestClient(host.Address);
        var answer = await client.SendAsync("GET", "/openapi/v1.json");
        Assert.Equal((200, "nosniff"), ((int)answer.Status, answer.Header("X-Content-Type-Options")));
        return JsonNode.Parse(answer.Body)!;
    }

    [Fact]
    public async Task The_document_names_every_route_once()
    {
        var document = await ReadAsync();

        var operations = document["paths"]!.AsObject().SelectMany(path => path.Value!.AsObject().Select(operation => $"{operation.Key} {path.Key}")).Order(StringComparer.Ordinal);

        Assert.StartsWith("3.1", document["openapi"]!.GetValue<string>(), StringComparison.Ordinal);
        Assert.Equal(
            [
                "get /api/v1/decisions/{id}", "get /api/v1/rollouts", "get /api/v1/rollouts/{agent}", "get /api/v1/rollouts/{agent}/events", "get /api/v1/rollouts/{agent}/history",
                "get /api/v1/rollouts/{agent}/shadow",
                "get /api/v1/stream", "get /livez", "get /metrics", "get /readyz", "post /api/v1/decide", "post /api/v1/outcomes", "post /api/v1/rollouts/{agent}/approve", "post /api/v1/rollouts/{agent}/pause",
                "post /api/v1/rollouts/{agent}/promote", "post /api/v1/rollouts/{agent}/resume", "post /api/v1/rollouts/{agent}/retry",
                "post /api/v1/rollouts/{agent}/rollback", "post /api/v1/scores", "put /api/v1/rollouts/{agent}",
            ],
            operations);
    }

    [Fact]
    public async Task The_document_describes_what_is_really_written()
    {
        var schemas = (await ReadAsync())["components"]!["schemas"]!;

        Assert.Equal(
            ["agent", "arms", "attempt", "canary", "checks", "decision", "drain_until", "durable", "eta_seconds", "model_changes", "paused_for", "phase", "pinned", "reason", "refused", "revision", "shadow", "stable", "stage", "stages", "warnings", "weight_bp"],
            schemas["RolloutView"]!["properties"]!.AsObject().Select(property => property.Key).Order(StringComparer.Ordinal));
        Assert.Contains("p50_ms", schemas["ArmView"]!["properties"]!.AsObject().Select(property => property.Key));
        Assert.Contains("n_canary", schemas["CheckView"]!["properties"]!.AsObject().Select(property => property.Key));
    }

    [Fact]
    public async Task An_act_says_which_answers_it_may_give()
    {
        var responses = (await ReadAsync())["paths"]!["/api/v1/rollouts/{agent}/rollback"]!["post"]!["responses"]!.AsObject();

        Assert.Equal(["200", "400", "404", "409", "413", "415", "507"], responses.Select(response => response.Key).Order(StringComparer.Ordinal));
        Assert.NotNull(responses["409"]!["content"]!["application/problem+json"]);
    }
}
