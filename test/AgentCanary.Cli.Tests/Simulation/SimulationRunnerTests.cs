using AgentCanary.Cli.Simulation;
using AgentCanary.Planning.Simulation;

namespace AgentCanary.Cli.Tests.Simulation;

public class SimulationRunnerTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    [InlineData(50)]
    public async Task Results_stand_by_their_number_whatever_the_number_of_threads(int threads)
    {
        var finished = 0;
        var runs = await SimulationRunner.RunAsync(20, (number, _) => Run(number), threads, done => Interlocked.Exchange(ref finished, Math.Max(finished, done)), default);
        Assert.Equal(Enumerable.Range(0, 20).Select(number => (long)number), runs.Select(run => run.CanaryRequests));
        Assert.InRange(finished, 1, 20);
    }

    [Fact]
    public async Task What_came_after_the_first_one_that_is_missing_is_left_out()
    {
        using var stop = new CancellationTokenSource();
        var runs = await SimulationRunner.RunAsync(
            10,
            (number, stopped) =>
            {
                if (number == 6) stop.Cancel();
                if (number == 5)
                {
                    stopped.WaitHandle.WaitOne(TimeSpan.FromMinutes(1));
                    stopped.ThrowIfCancellationRequested();
                }
                return Run(number);
            },
            threads: 2, _ => { }, stop.Token);
        Assert.Equal([0, 1, 2, 3, 4], runs.Select(run => run.CanaryRequests));
    }

    [Fact]
    public async Task A_fault_in_a_run_is_told() => await Assert.ThrowsAsync<InvalidOperationException>(
        () => SimulationRunner.RunAsync<SimulatedRun>(3, (_, _) => throw new InvalidOperationException(), threads: 2, _ => { }, default));

    private static SimulatedRun Run(int number) => new()
    {
        Phase = Phase.Completed,
        Time = default,
        Entered = [default],
        CanaryRequests = number,
        CanaryFailures = 0,
        ExtraFailures = 0,
        WasWorse = false,
    };
}
