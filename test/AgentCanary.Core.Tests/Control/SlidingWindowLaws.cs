using AgentCanary.Control;
using AgentCanary.Core.Tests.Analysis;
using AgentCanary.Metrics;
using FsCheck;
using FsCheck.Fluent;

namespace AgentCanary.Core.Tests.Control;

public sealed class SlidingWindowLaws
{
    private const int Length = 5;

    [Fact]
    public void The_sum_is_that_of_the_ticks_that_are_not_forgotten() => Prop.ForAll(
        Gen.ListOf(Gen.Choose(0, 3)).ToArbitrary(),
        requests =>
        {
            var (window, kept) = (new SlidingWindow(), new List<(long Tick, MetricWindow Window)>());
            for (var tick = 0; tick < requests.Count; tick++)
            {
                var added = requests[tick] == 0 ? MetricWindow.Empty : Arms.Window(requests[tick], failures: requests[tick] / 2).With(null, null, null);
                window.Add(tick, added);
                kept.Add((tick, added));
                // Sometimes nobody looks for a while.
                if (tick % 3 == 1) continue;
                window.ForgetUpTo(tick - Length);
                kept.RemoveAll(one => one.Tick <= tick - Length);
                if (!window.Sum.Equals(kept.Aggregate(MetricWindow.Empty, (sum, one) => sum.Merge(one.Window)))) return false;
            }
            return true;
        }).Check(Config.QuickThrowOnFailure);
}
