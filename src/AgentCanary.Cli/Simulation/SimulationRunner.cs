namespace AgentCanary.Cli.Simulation;

/// <summary>Runs many rounds on all cores. Which core runs which changes nothing: a round follows from the seed and its number.</summary>
internal static class SimulationRunner
{
    /// <summary>Runs them.</summary>
    /// <param name="runs">How many.</param>
    /// <param name="run">What runs one of them, by its number; it stops when it is asked to.</param>
    /// <param name="threads">On how many threads at once, 1 or more.</param>
    /// <param name="finished">Is told how many are finished, on any thread.</param>
    /// <param name="stopped">Asks to stop.</param>
    /// <returns>The results by number. Where it was stopped: those before the first that is missing, for the quick ones among the later would make the picture wrong.</returns>
    public static async Task<IReadOnlyList<T>> RunAsync<T>(
        int runs, Func<int, CancellationToken, T> run, int threads, Action<int> finished, CancellationToken stopped)
        where T : class
    {
        var results = new T?[runs];
        var (next, done) = (-1, 0);
        await Task.WhenAll(Enumerable.Range(0, Math.Min(threads, runs)).Select(_ => Task.Run(Work, CancellationToken.None)));
        return [.. results.TakeWhile(result => result is not null)!];

        void Work()
        {
            try
            {
                for (var number = Interlocked.Increment(ref next); number < runs; number = Interlocked.Increment(ref next))
                {
                    results[number] = run(number, stopped);
                    finished(Interlocked.Increment(ref done));
                }
            }
            catch (OperationCanceledException) when (stopped.IsCancellationRequested)
            {
                // What is finished is kept.
            }
        }
    }
}
