using System.Diagnostics;

namespace AgentCanary.Benchmarks.Ratios;

/// <summary>One operation and what a run found of it.</summary>
/// <param name="Name">What is done.</param>
/// <param name="Goal">The most it may cost, in nanoseconds; null without a goal.</param>
/// <param name="Run">Does it several times.</param>
internal sealed record Measured(string Name, double? Goal, Func<long> Run)
{
    private readonly List<double> _nanoseconds = [];

    private long _result;

    /// <summary>Gets how many times <see cref="Run"/> does it.</summary>
    public int Operations { get; init; } = Workload.Operations;

    /// <summary>Gets the cheapest slice, which the neighbours left alone, in nanoseconds an operation.</summary>
    public double Min => _nanoseconds.Min();

    /// <summary>Gets the slice in the middle.</summary>
    public double Median => _nanoseconds.Order().ElementAt(_nanoseconds.Count / 2);

    /// <summary>Gets what one call of <see cref="Run"/> allocates, in bytes an operation.</summary>
    public double Allocated { get; private set; }

    /// <summary>Gives the ratio to another operation in each round.</summary>
    public IEnumerable<double> Over(Measured other) => _nanoseconds.Zip(other._nanoseconds, (mine, others) => mine / others);

    public void Slice()
    {
        var allocated = GC.GetAllocatedBytesForCurrentThread();
        var started = Stopwatch.GetTimestamp();
        _result += Run();
        _nanoseconds.Add(Stopwatch.GetElapsedTime(started).TotalNanoseconds / Operations);
        Allocated = (GC.GetAllocatedBytesForCurrentThread() - allocated) / (double)Operations;
    }

    /// <summary>Forgets the slices in which the code was not yet compiled for good.</summary>
    public void Forget() => _nanoseconds.Clear();

    public override string ToString() => $"{Name}: {Min:F1} ns, {_result} in all";
}
