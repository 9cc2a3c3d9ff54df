using System.Diagnostics;

namespace AgentCanary.Benchmarks.Ratios;

/// <summary>
/// What an operation costs on each of two threads that do it at the same time. On a machine that others use too, the two often run one after
/// the other: only rounds in which they really met are counted.
/// </summary>
internal sealed class TwoThreads(Func<long> run, int rounds)
{
    private const int Calls = 4;

    // How much of a round both must have been at work.
    private const double Together = 0.9;

    private readonly (long From, long To)[] _mine = new (long, long)[rounds];
    private readonly (long From, long To)[] _other = new (long, long)[rounds];
    private int _ready;

    /// <summary>Gives the cheapest round of one thread, in nanoseconds an operation.</summary>
    public double MinAlone()
    {
        Work(_mine, threads: 1);
        return _mine.Min(Cost);
    }

    /// <summary>Gives the cheapest round in which two threads met, in nanoseconds an operation and thread; not a number where they never did.</summary>
    public double Min()
    {
        _ready = 0;
        var thread = new Thread(() => Work(_other, threads: 2));
        thread.Start();
        Work(_mine, threads: 2);
        thread.Join();
        return _mine.Zip(_other).Where(pair => Overlap(pair.First, pair.Second) >= Together)
            .Select(pair => Math.Max(Cost(pair.First), Cost(pair.Second))).DefaultIfEmpty(double.NaN).Min();
    }

    private static double Cost((long From, long To) slice) =>
        Stopwatch.GetElapsedTime(slice.From, slice.To).TotalNanoseconds / (Calls * Workload.Operations);

    private static double Overlap((long From, long To) one, (long From, long To) two) =>
        (Math.Min(one.To, two.To) - Math.Max(one.From, two.From)) / (double)Math.Max(one.To - one.From, two.To - two.From);

    // Spins for longer than a turn of the scheduler, so that the other one comes to its core while this one still has its own.
    private void WaitFor(int ready)
    {
        for (var spins = 0; Volatile.Read(ref _ready) < ready; spins++)
            if (spins % 100_000 == 99_999) Thread.Yield(); else Thread.SpinWait(1);
    }

    private void Work((long From, long To)[] slices, int threads)
    {
        for (var round = 0; round < slices.Length; round++)
        {
            Interlocked.Increment(ref _ready);
            WaitFor((round + 1) * threads);
            var from = Stopwatch.GetTimestamp();
            for (var call = 0; call < Calls; call++) run();
            slices[round] = (from, Stopwatch.GetTimestamp());
        }
    }
}
