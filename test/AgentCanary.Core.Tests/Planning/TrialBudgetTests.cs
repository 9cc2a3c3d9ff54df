using AgentCanary.Planning;
using AgentCanary.Spec;

namespace AgentCanary.Core.Tests.Planning;

/// <summary>A simulation judges ten million times: what a verdict allocates that nobody reads.</summary>
public sealed class TrialBudgetTests
{
    private readonly Trial _trial = new(
        new RolloutSpec
        {
            Agent = "support-agent",
            Stable = new("v1"),
            Canary = new("v2"),
            Stages = [new(Weight.FromPercent(5)) { Name = "initial", BakeTime = TimeSpan.FromDays(1) }, new(Weight.Full) { Name = "full" }],
            Analysis = new() { Mode = AnalysisMode.Sequential },
        },
        TimeSpan.FromSeconds(1));

    private int _second;

    [Fact]
    public void A_verdict_on_nothing_new_allocates_no_sentence()
    {
        Run(seconds: 2_000, requests: 10);
        Assert.InRange(BytesOfASecond(requests: 0), 0, 5_000);
    }

    [Fact]
    public void A_second_of_ten_requests_allocates_what_its_counts_take()
    {
        Run(seconds: 2_000, requests: 10);
        Assert.InRange(BytesOfASecond(requests: 10), 0, 16_000);
    }

    private long BytesOfASecond(int requests)
    {
        const int seconds = 1_000;
        var before = GC.GetAllocatedBytesForCurrentThread();
        Run(seconds, requests);
        return (GC.GetAllocatedBytesForCurrentThread() - before) / seconds;
    }

    private void Run(int seconds, int requests)
    {
        for (var i = 0; i < seconds; i++)
        {
            for (var request = 0; request < requests; request++)
            {
                var assignment = _trial.Begin(request == 0 && i % 2 == 0 ? Arm.Canary : Arm.Control, null);
                _trial.Record(assignment, new() { Class = ((10 * i) + request) % 53 == 0 ? OutcomeClass.Timeout : OutcomeClass.Ok, Latency = TimeSpan.FromMilliseconds(80 + (i * 7 % 400)) });
            }
            Assert.Null(_trial.Judge(TimeSpan.FromSeconds(++_second)).Change);
        }
    }
}
