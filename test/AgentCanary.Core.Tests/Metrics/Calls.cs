using AgentCanary.Metrics;

namespace AgentCanary.Core.Tests.Metrics;

/// <summary>Outcomes and recorders by short names.</summary>
internal static class Calls
{
    public const long First = 1_000;

    public static Outcome Ok { get; } = new() { Latency = TimeSpan.FromMilliseconds(100) };

    public static Outcome Of(OutcomeClass outcomeClass) => new() { Class = outcomeClass, Latency = TimeSpan.FromMilliseconds(100) };

    public static Outcome Taking(double milliseconds) => new() { Latency = TimeSpan.FromMilliseconds(milliseconds) };

    public static OutcomeRecorder Recorder(Action? urgent = null, int deadline = 10, int fastFailures = 3, params string[] scores) => new(
        new() { OutcomeDeadline = TimeSpan.FromSeconds(deadline), Urgent = urgent, FastFailures = fastFailures, ScoreNames = [.. scores] }, First);

    /// <summary>Starts and ends a request in the current tick.</summary>
    public static void Run(this OutcomeRecorder recorder, Arm arm, Outcome outcome, ulong keyHash = 0) =>
        Assert.True(recorder.Record(arm, recorder.Start(arm), keyHash, in outcome));
}
