using AgentCanary.Spec;

namespace AgentCanary.Planning;

/// <summary>Runs a rollout on recorded outcomes: what would have been decided, when, and why. Pure and thread-safe: the same trace gives the same result, to the bit.</summary>
public static class TraceReplay
{
    /// <summary>The shortest tick.</summary>
    public static readonly TimeSpan ShortestTick = TimeSpan.FromMilliseconds(100);

    /// <summary>The longest tick.</summary>
    public static readonly TimeSpan LongestTick = TimeSpan.FromHours(1);

    /// <summary>Replays a trace.</summary>
    /// <param name="spec">What the person wrote. An approval is taken as given the moment that it is asked for; nobody resumes what pauses; probes are not known.</param>
    /// <param name="trace">What was recorded. Requests outside the analysis count nowhere.</param>
    /// <param name="tickPeriod">The length of a tick, <see cref="ShortestTick"/> to <see cref="LongestTick"/>, and at least as long as <see cref="LeastTick"/> says.</param>
    public static ReplayResult Run(RolloutSpec spec, Trace trace, TimeSpan tickPeriod) => Run(spec, trace, tickPeriod, judgesEveryTick: false);

    /// <summary>Gets the shortest tick that a trace can be replayed with, whole seconds: its longest request may last 50,000 ticks.</summary>
    public static TimeSpan LeastTick(Trace trace)
    {
        ArgumentNullException.ThrowIfNull(trace);
        var least = trace.Longest / ReplayRun.MostTicksUnderWay;
        return least <= ShortestTick ? ShortestTick : TimeSpan.FromSeconds(Math.Ceiling(least.TotalSeconds));
    }

    /// <summary>Replays a trace.</summary>
    /// <param name="spec">What the person wrote.</param>
    /// <param name="trace">What was recorded.</param>
    /// <param name="tickPeriod">The length of a tick.</param>
    /// <param name="judgesEveryTick">Whether ticks in which nothing can change are judged too: slower, and the same result.</param>
    internal static ReplayResult Run(RolloutSpec spec, Trace trace, TimeSpan tickPeriod, bool judgesEveryTick)
    {
        ArgumentNullException.ThrowIfNull(spec);
        if (tickPeriod < ShortestTick || tickPeriod > LongestTick || tickPeriod < LeastTick(trace))
            throw new ArgumentOutOfRangeException(nameof(tickPeriod), tickPeriod, $"A tick is {ShortestTick} to {LongestTick}, and for this trace at least {LeastTick(trace)}.");
        var approved = spec with { Stages = [.. spec.Stages.Select(stage => stage with { Approval = false })] };
        return new ReplayRun(approved, trace, tickPeriod, judgesEveryTick).Run();
    }
}
