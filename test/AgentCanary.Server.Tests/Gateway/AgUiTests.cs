using System.Text.Json;
using AgentCanary.Control;
using AgentCanary.Testing;
using Microsoft.AspNetCore.Http;

namespace AgentCanary.Server.Gateway;

/// <summary>AG-UI has no route and no header of its own: the gateway knows a run by what is sent, also where the file names no protocol.</summary>
public sealed class AgUiTests
{
    private const string Events = "text/event-stream";
    private const string Input = """{"threadId":"t-1","runId":"r-1","messages":[],"tools":[],"context":[]}""";
    private const string Finished = "{\"type\":\"RUN_FINISHED\",\"threadId\":\"t-1\",\"runId\":\"r-1\"}";

    [Theory]
    [InlineData("auto", Events, Input, "t-1")]
    [InlineData("auto", "application/json, " + Events, Input, "t-1")]
    [InlineData("auto", "application/json", Input, null)]
    [InlineData("auto", Events, """{"threadId":"t-1","messages":[]}""", null)]
    [InlineData("auto", Events, """{"threadId":"t-1","runId":"r-1","messages":"no"}""", null)]
    [InlineData("auto", Events, "no JSON", null)]
    [InlineData("ag-ui", "application/json", """{"threadId":"t-1"}""", "t-1")]
    [InlineData("http", Events, Input, null)]
    public async Task A_thread_is_the_key_of_its_runs(string protocol, string accept, string body, string? expected)
    {
        await using var agent = await TestAgent.StartAsync(context => RunAsync(context, Finished));
        await using var gateway = await GatewayHost.StartAsync(Some.Spec(agent.Address, agent.Address) with { Protocol = protocol });
        await gateway.Client.SendAsync("POST", "/", body, headers: ("Accept", accept));
        await gateway.BalanceAsync();
        Assert.Equal(expected, gateway.Outcomes.All.Single().Key);
        Assert.Equal(body, agent.Requests.Single().Body);
    }

    [Fact]
    public async Task A_key_of_the_file_comes_before_the_thread()
    {
        await using var agent = await TestAgent.StartAsync(context => RunAsync(context, Finished));
        await using var gateway = await GatewayHost.StartAsync(Some.Spec(agent.Address, agent.Address));
        await gateway.Client.SendAsync("POST", "/", Input, headers: [("Accept", Events), ("x-user-id", "u-1")]);
        await gateway.BalanceAsync();
        Assert.Equal("u-1", gateway.Outcomes.All.Single().Key);
    }

    [Theory]
    [InlineData(Finished, OutcomeClass.Ok)]
    [InlineData("{\"type\":\"RUN_ERROR\",\"message\":\"no\"}", OutcomeClass.ErrorUpstream)]
    [InlineData("{\"type\":\"STEP_STARTED\",\"stepName\":\"plan\"}", OutcomeClass.StreamBroken)]
    public async Task A_run_is_judged_by_how_it_ends_though_the_file_names_no_protocol(string last, OutcomeClass expected)
    {
        await using var agent = await TestAgent.StartAsync(context => RunAsync(context, last));
        await using var gateway = await GatewayHost.StartAsync(Some.Spec(agent.Address, agent.Address));
        await gateway.Client.SendAsync("POST", "/", Input, headers: ("Accept", Events));
        Assert.Equal(expected, (await gateway.Outcomes.SingleAsync()).Class);
        Assert.Equal("identity", agent.Requests.Single().Headers["accept-encoding"]);
    }

    [Fact]
    public async Task A_thread_stays_where_it_began_and_a_resumed_run_goes_to_who_interrupted_it()
    {
        await using var stable = await TestAgent.StartAsync(context => InterruptAsync(context, "int-s"), readsBody: false);
        await using var canary = await TestAgent.StartAsync(context => InterruptAsync(context, "int-c"), readsBody: false);
        await using var gateway = await GatewayHost.StartAsync(Some.Spec(stable.Address, canary.Address));
        var threads = Enumerable.Range(0, 20).Select(number => $"t-{number}").ToArray();
        var began = new Dictionary<string, string?>();
        foreach (var thread in threads) began[thread] = await VariantOfAsync(gateway, Run(thread));
        Assert.Equal(2, began.Values.Distinct().Count());

        var runtime = gateway.Get<RolloutRegistry>().Current["support-agent"];
        runtime.Publish(runtime.State with { Revision = runtime.State.Revision + 1, Stage = 1 });

        foreach (var thread in threads) Assert.Equal(began[thread], await VariantOfAsync(gateway, Run(thread)));
        Assert.Equal("stable", await VariantOfAsync(gateway, Run("another", resumes: "int-s")));
        Assert.Equal("canary", await VariantOfAsync(gateway, Run("new")));
    }

    private static string Run(string thread, string? resumes = null) =>
        $$"""{"threadId":"{{thread}}","runId":"r-1","messages":[],"resume":[{{(resumes is null ? "" : $$"""{"interruptId":"{{resumes}}","status":"resolved"}""")}}]}""";

    private static async Task<string?> VariantOfAsync(GatewayHost gateway, string input) =>
        (await gateway.Client.SendAsync("POST", "/", input, headers: ("Accept", Events))).Header("X-Canary-Variant");

    private static async Task InterruptAsync(HttpContext context, string id)
    {
        using var input = await JsonDocument.ParseAsync(context.Request.Body);
        var thread = input.RootElement.GetProperty("threadId").GetString()!;
        await RunAsync(context, $$$"""{"type":"RUN_FINISHED","threadId":"{{{thread}}}","runId":"r-1","outcome":{"type":"interrupt","interrupts":[{"id":"{{{id}}}","reason":"approval"}]}}""", thread);
    }

    private static async Task RunAsync(HttpContext context, string last, string thread = "t-1")
    {
        context.Response.ContentType = Events;
        await context.Response.WriteAsync($$"""data: {"type":"RUN_STARTED","threadId":"{{thread}}","runId":"r-1"}""" + "\n\n");
        await context.Response.WriteAsync($"data: {last}\n\n");
    }
}
