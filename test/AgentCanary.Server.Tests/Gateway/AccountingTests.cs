using AgentCanary.Testing;
using Microsoft.AspNetCore.Http;

namespace AgentCanary.Server.Gateway;

public sealed class AccountingTests
{
    [Fact]
    public async Task Whatever_callers_and_agents_do_every_request_is_counted_once()
    {
        await using var stable = await TestAgent.StartAsync(AnswerAsync, readsBody: false);
        await using var canary = await TestAgent.StartAsync(AnswerAsync, readsBody: false);
        var spec = Some.Spec(stable.Address, canary.Address) with { Sticky = new() { Key = ["body:$.user"] } };
        await using var gateway = await GatewayHost.StartAsync(options => options.FirstByteTimeout = TimeSpan.FromMilliseconds(500), spec);
        await Parallel.ForAsync(0, 240, new ParallelOptions { MaxDegreeOfParallelism = 12 }, async (i, _) => await CallAsync(gateway.Address, i));
        await gateway.BalanceAsync();
        Assert.InRange(gateway.Counters.Received, 200, 240); // a caller who resets at once may never have come
        var classes = gateway.Outcomes.All.Select(o => o.Outcome.Class).ToHashSet();
        foreach (var expected in new[] { OutcomeClass.Ok, OutcomeClass.ErrorUpstream, OutcomeClass.Timeout, OutcomeClass.CanceledByClient })
            Assert.Contains(expected, classes);
    }

    private static async Task CallAsync(Uri address, int i)
    {
        using var client = await RawClient.OpenAsync(address);
        var path = new[] { "/ok", "/500", "/hang", "/abort", "/slow", "//bad", "/ok", "/half" }[i % 8];
        var body = $$"""{"user":"u{{i}}"}""";
        await client.SendAsync($"POST {path} HTTP/1.1\r\nHost: a\r\nContent-Length: {(path == "/half" ? 500 : body.Length)}\r\nConnection: close\r\n\r\n{body}");
        if (path == "/slow") await client.ReadUntilAsync("first");
        if (path is "/slow" or "/half") client.Reset();
        else await client.ReadToEndAsync();
    }

    private static async Task AnswerAsync(HttpContext context)
    {
        var path = context.Request.Path.Value;
        if (path == "/500") context.Response.StatusCode = 500;
        if (path is "/slow" or "/abort")
        {
            await context.Response.WriteAsync("first");
            await context.Response.Body.FlushAsync();
        }

        if (path == "/abort") context.Abort();
        if (path is "/hang" or "/slow") await Eventually.TrueAsync(() => context.RequestAborted.IsCancellationRequested);
    }
}
