using AgentCanary;

var canary = new CanaryDeployment(
    stableVersion: "agent-v1.0.0",
    canaryVersion: "agent-v1.1.0",
    StagePlan.Standard);                                  // 1 % → 5 % → 25 % → 50 % → 100 %

string version = canary.Route(stickyKey: "user-42");      // "agent-v1.0.0" or "agent-v1.1.0"
canary.Record(version, success: true, latency: TimeSpan.FromMilliseconds(120));

Decision decision = canary.Decide();                      // Hold, Promote, Complete or RollBack, with its reason
canary.Apply(decision);
CanaryStatus status = canary.Status;                      // Phase, StageIndex, Weight, Stable and Canary metrics, last verdicts, Refused

string reply = await canary.RunAsync("user-42", (v, ct) => CallAgentAsync(v, "hello", ct));   // routes, times, records

Assignment assignment = canary.Assign("user-42");         // version, variant, arm, reason: exact arms and starts
canary.Record(assignment, new Outcome { Class = OutcomeClass.Ok, Latency = TimeSpan.FromMilliseconds(120) });

var aggressive = new StagePlan(
    new Stage(Weight.FromPercent(5))  { BakeTime = TimeSpan.FromMinutes(5),  MinRequests = 200, MinSuccessRate = 0.99 },
    new Stage(Weight.FromPercent(50)) { BakeTime = TimeSpan.FromMinutes(10), MinRequests = 500, MinSuccessRate = 0.99, MaxP95 = TimeSpan.FromMilliseconds(400) },
    new Stage(Weight.Full));

await using var shadowed = new ShadowDeployment<string, string>(
    stable: (prompt, ct) => CallAgentAsync("agent-v1.0.0", prompt, ct),
    shadow: (prompt, ct) => CallAgentAsync("agent-v1.1.0", prompt, ct),
    compare: (stableReply, shadowReply) => Console.WriteLine($"the shadow's answer is the same as stable's: {stableReply == shadowReply}"));
string answer = await shadowed.CallAsync("hello");

// What came of it. Everything above is the whole API that a first use needs.
Console.WriteLine($"user-42 is served by {version}: \"{reply}\"");
Console.WriteLine($"{decision.Name}: {decision.Reason}");
Console.WriteLine($"{status.Phase}, stage {status.StageIndex}, {status.Weight} on the canary, {canary.Status.Stable.Requests + canary.Status.Canary.Requests} requests");
Console.WriteLine($"the second call was {assignment.Arm} by {assignment.Reason}, and the other plan has {aggressive.Stages.Length} stages");
Console.WriteLine($"the shadowed call was answered \"{answer}\"");

// Stands for your agent: a prompt, a model, a whole service.
static async Task<string> CallAgentAsync(string version, string prompt, CancellationToken cancellationToken)
{
    await Task.Delay(TimeSpan.FromMilliseconds(20), cancellationToken);
    return $"{prompt} from {version}";
}
