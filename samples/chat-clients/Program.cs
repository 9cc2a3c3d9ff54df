using AgentCanary;
using ChatClients;
using ChatClients.AgentFramework;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

var builder = Host.CreateApplicationBuilder(args);
builder.Logging.SetMinimumLevel(LogLevel.Warning);

// Each version is a client of its own, with its own function invocation and its own cache.
builder.Services.AddKeyedSingleton<IChatClient>("support/v1.0.0", (_, _) => new ScriptedModel("v1.0.0"));
builder.Services.AddKeyedSingleton<IChatClient>("support/v1.1.0", (_, _) => new ScriptedModel("v1.1.0"));
builder.Services.AddAgentCanary("support", options =>
{
    (options.StableVersion, options.CanaryVersion) = ("v1.0.0", "v1.1.0");
    options.Plan = new(new Stage(Weight.FromPercent(25)) { BakeTime = TimeSpan.FromMinutes(30), MinRequests = 200 }, new Stage(Weight.Full));
});
builder.Services.AddCanaryChatClient("support");      // IChatClient with the key "support": routes over the two above
using var host = builder.Build();
await host.StartAsync();
var chat = host.Services.GetRequiredKeyedService<IChatClient>("support");

// A whole answer, with the user in the options.
var answer = await chat.GetResponseAsync("Where is order 1001?", new ChatOptions().WithStickyKey("user-42"));
var decision = answer.GetCanaryDecision()!.Value;
Console.WriteLine($"user-42: \"{answer.Text}\" ({decision.Arm} by {decision.Reason})");

// A streamed one, with the user in a scope, for code that cannot reach the options.
using (CanaryScope.Begin("user-42"))
{
    Console.Write("user-42, streamed: ");
    await foreach (var update in chat.GetStreamingResponseAsync("And order 1002?")) Console.Write(update.Text);
    Console.WriteLine();
}

// A quarter of the users gets the canary, and keeps it.
var onCanary = 0;
for (var user = 0; user < 200; user++)
{
    var served = await chat.GetResponseAsync("Hello", new ChatOptions().WithStickyKey($"user-{user}"));
    if (served.GetCanaryDecision()!.Value.Variant is Variant.Canary) onCanary++;
}
Console.WriteLine($"{onCanary} of 200 users are on the canary");

// A shadow sees the same messages, and nobody sees its answers but the comparison.
var compared = new TaskCompletionSource<string>();
await using (var shadowed = new ShadowChatClient(
    new ScriptedModel("v1.0.0"), new ScriptedModel("v2.0.0"), (stable, shadow) => compared.TrySetResult($"\"{stable.Text}\" beside \"{shadow.Text}\"")))
{
    await shadowed.GetResponseAsync("Hello");
    Console.WriteLine($"shadowed: {await compared.Task}");
}

// A judge says which of the two answers is better, by another model, in both orders.
var judged = new TaskCompletionSource<string>();
var judge = new ChatJudge(new ScriptedJudge(), new() { SampleRate = Weight.FromPercent(100), PerHour = 100, Judged = (pair, verdict) => judged.TrySetResult($"{verdict} of \"{pair.A}\" and \"{pair.B}\"") });
await using (var shadowed = new ShadowChatClient(new ScriptedModel("v1.0.0"), new ScriptedModel("v2.0.0 at length"), judge: judge))
{
    await shadowed.GetResponseAsync("Hello");
    Console.WriteLine($"judged: {await judged.Task}; no worse than stable in {judge.Counts.Agreement * 100} % of the pairs");
}

// An agent of the Agent Framework's shape: the version is chosen with the session, and stays in it.
var deployment = host.Services.GetRequiredKeyedService<CanaryDeployment>("support");
var agent = new CanaryAgent(deployment, new ChatAgent(new ScriptedModel("v1.0.0")), new ChatAgent(new ScriptedModel("v1.1.0"))) { StickyKey = () => "user-42" };
var session = await agent.CreateSessionAsync();
var kept = await agent.SerializeSessionAsync(session);              // to a database, say; another process goes on
var restored = await agent.DeserializeSessionAsync(kept);
Console.WriteLine($"agent: \"{(await agent.RunAsync([new(ChatRole.User, "Hello")], restored)).Text}\"");

var status = deployment.Status;
Console.WriteLine($"{status.Phase}, {status.Weight} on the canary, {status.Stable.Requests + status.Canary.Requests} requests, {status.Stable.Errors + status.Canary.Errors} errors");
await host.StopAsync();
