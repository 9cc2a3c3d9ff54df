using AgentCanary.Planning.Simulation;

namespace AgentCanary.Core.Tests.Planning.Simulation;

public class SimulatedRolloutTests
{
    [Fact]
    public void A_request_allocates_nothing()
    {
        var world = SomeWorld.Of(perSecond: 1000, stable: "score.quality=0.8,cost_per_request=0.01,tokens_per_request=500,p50_ttft=100ms", both: "icc=0.1", users: 50);
        Run(world, 2); // warm
        var before = GC.GetAllocatedBytesForCurrentThread();
        var requests = Run(world, 40);
        Assert.InRange((GC.GetAllocatedBytesForCurrentThread() - before) / (double)requests, 0, 10);
    }

    [Fact]
    public void Answers_end_in_the_order_of_time_and_a_look_follows_every_second()
    {
        var method = new Watcher();
        SimulatedRollout.Run(SomeWorld.Of(perSecond: 200), method, Stream(SomeWorld.Of(perSecond: 200)), TimeSpan.FromSeconds(10), default);
        Assert.Equal(method.Times.Order(), method.Times);
        Assert.Equal(Enumerable.Range(1, 10).Select(second => TimeSpan.FromSeconds(second)), method.Looks);
    }

    private static long Run(World world, int seconds)
    {
        var method = new Counter();
        SimulatedRollout.Run(world, method, Stream(world), TimeSpan.FromSeconds(seconds), default);
        return method.Requests;
    }

    private static RequestStream Stream(World world) => new(world, 1, 99, isMd5: false, isKeyed: false);

    private sealed class Counter : RolloutMethod
    {
        public long Requests { get; private set; }

        public override Phase Phase => Phase.Progressing;

        public override int Stage => 0;

        public override Assignment Begin(in MadeRequest request, double shareFactor)
        {
            Requests++;
            return new() { Version = "v", Variant = IsCanary(request.Bucket, Weight.FromPercent(50), shareFactor) ? Variant.Canary : Variant.Stable };
        }

        public override void End(in Assignment assignment, in Outcome outcome, TimeSpan now)
        {
        }

        public override void Judge(TimeSpan now)
        {
        }
    }

    private sealed class Watcher : RolloutMethod
    {
        public List<TimeSpan> Times { get; } = [];

        public List<TimeSpan> Looks { get; } = [];

        public override Phase Phase => Phase.Progressing;

        public override int Stage => 0;

        public override Assignment Begin(in MadeRequest request, double shareFactor)
        {
            Times.Add(TimeSpan.FromSeconds(request.At));
            return default;
        }

        public override void End(in Assignment assignment, in Outcome outcome, TimeSpan now) => Times.Add(now);

        public override void Judge(TimeSpan now)
        {
            Times.Add(now);
            Looks.Add(now);
        }
    }
}
