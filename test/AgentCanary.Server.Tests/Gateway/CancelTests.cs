using AgentCanary.Testing;
using Microsoft.AspNetCore.Http;

namespace AgentCanary.Server.Gateway;

/// <summary>In MCP up to 2025-11-25 a caller cancels a call by another request, and the server then owes no response.</summary>
public sealed class CancelTests : IDisposable
{
    private readonly SemaphoreSlim _end = new(0);

    public void Dispose() => _end.Dispose();

    [Theory]
    [InlineData("s-1", "7", "7", OutcomeClass.CanceledByClient)]
    [InlineData("s-1", "\"call-7\"", "\"call-7\"", OutcomeClass.CanceledByClient)]
    [InlineData("s-1", "7", "8", OutcomeClass.StreamBroken)]
    [InlineData("s-2", "7", "7", OutcomeClass.StreamBroken)]
    public async Task A_call_that_its_caller_cancels_in_its_session_is_no_broken_stream(string session, string id, string canceled, OutcomeClass expected)
    {
        await using var agent = await TestAgent.StartAsync(AnswerAsync, readsBody: false);
        await using var gateway = await GatewayHost.StartAsync(Some.Spec(agent.Address, agent.Address));
        var call = SendAsync(gateway, "s-1", $$"""{"jsonrpc":"2.0","id":{{id}},"method":"tools/call","params":{"name":"slow"} }""");
        await Eventually.TrueAsync(() => agent.Requests.Count == 1);

        var notice = await SendAsync(gateway, session, $$"""{"jsonrpc":"2.0","method":"notifications/cancelled","params":{"requestId":{{canceled}},"reason":"enough"} }""");
        _end.Release();

        Assert.Equal(202, (int)notice.Status);
        Assert.Equal(Progress, (await call).Body);
        await gateway.BalanceAsync();
        Assert.Equal([OutcomeClass.Ok, expected], gateway.Outcomes.All.Select(each => each.Outcome.Class).Order());
    }

    private const string Progress = "data: {\"jsonrpc\":\"2.0\",\"method\":\"notifications/progress\",\"params\":{}}\n\n";

    private static Task<TestAnswer> SendAsync(GatewayHost gateway, string session, string body) =>
        gateway.Client.SendAsync("POST", "/mcp", body, headers: ("Mcp-Session-Id", session));

    private async Task AnswerAsync(HttpContext context)
    {
        using var reader = new StreamReader(context.Request.Body);
        if ((await reader.ReadToEndAsync()).Contains("notifications/", StringComparison.Ordinal))
        {
            context.Response.StatusCode = 202;
            return;
        }

        await ChatAgent.StreamAsync(context, Progress);
        await _end.WaitAsync();
    }
}
