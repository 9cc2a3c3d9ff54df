using AgentCanary.Planning;

namespace AgentCanary.Decisions;

/// <summary>The same run again and again, each on a generator of its own, on all cores.</summary>
internal static class Runs
{
    /// <summary>Runs, and gives what came out in the order of the runs: the same for the same seed, however many cores there are.</summary>
    public static T[] Of<T>(int count, ulong seed, Func<SplitMix64, T> run) => Of(count, i => run(new(SplitMix64.SeedOf(seed, i))));

    /// <summary>Runs by number, where the run makes its own generator.</summary>
    public static T[] Of<T>(int count, Func<int, T> run)
    {
        var results = new T[count];
        Parallel.For(0, count, i => results[i] = run(i));
        return results;
    }
}
