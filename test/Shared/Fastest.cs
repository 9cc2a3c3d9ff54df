using System.Diagnostics;

namespace AgentCanary.Testing;

/// <summary>Holds a step against a limit of real time. A stall of the machine makes one try slow, a slow step every try, so the fastest of several counts.</summary>
public static class Fastest
{
    private const int Most = 10;

    /// <summary>Tries until a try is within the limit, and fails when none of ten is.</summary>
    /// <param name="limit">How long the step may take.</param>
    /// <param name="step">The step; it may restart the stopwatch where only its end is meant.</param>
    public static async Task IsWithinAsync(TimeSpan limit, Func<Stopwatch, Task> step)
    {
        var taken = new List<TimeSpan>();
        do
        {
            Assert.True(taken.Count < Most, $"It took {string.Join(", ", taken)}, each time longer than {limit}.");
            var stopwatch = Stopwatch.StartNew();
            await step(stopwatch);
            taken.Add(stopwatch.Elapsed);
        }
        while (taken[^1] > limit);
    }
}
