using System.Collections.Immutable;
using AgentCanary.Analysis;
using AgentCanary.Analysis.Sequential;
using AgentCanary.Metrics;

namespace AgentCanary.Core.Tests.Analysis.Sequential;

/// <summary>Seeded traffic of two versions, tick by tick, through the real recorder, and the real analyzer's verdict after each.</summary>
internal sealed class World
{
    private readonly Random _random;
    private readonly OutcomeRecorder _recorder = new(new() { OutcomeDeadline = TimeSpan.FromSeconds(10) }, firstTick: 1);
    private long _tick = 1;

    public World(int seed, Weight weight, params string[] checks)
    {
        _random = new(seed);
        Weight = weight;
        Checks = [.. checks.Select(Check.Parse)];
        Terms = SequentialTerms.Of(Checks, alpha: 0.01, beta: 0.05, margin: null);
        Evidence = SequentialEvidence.Start(Terms);
    }

    public Weight Weight { get; }

    public ImmutableArray<Check> Checks { get; }

    public SequentialTerms Terms { get; }

    public SequentialEvidence Evidence { get; private set; }

    public MetricWindow Canary { get; private set; } = MetricWindow.Empty;

    public MetricWindow Control { get; private set; } = MetricWindow.Empty;

    public List<TickTally> Ticks { get; } = [];

    /// <summary>Serves a second of traffic.</summary>
    public void Second(int requests, double stableErrors, double canaryErrors, double stableMs = 100, double canaryMs = 100)
    {
        for (var i = 0; i < requests; i++)
        {
            var isCanary = _random.NextDouble() < Weight.Fraction;
            var latency = (isCanary ? canaryMs : stableMs) * Math.Exp(0.6 * Normal());
            var isError = _random.NextDouble() < (isCanary ? canaryErrors : stableErrors);
            var arm = isCanary ? Arm.Canary : Arm.Control;
            var tick = _recorder.Start(arm);
            _recorder.Record(arm, tick, keyHash: 0, new Outcome { Class = isError ? OutcomeClass.ErrorUpstream : OutcomeClass.Ok, Latency = TimeSpan.FromMilliseconds(latency) });
        }
        foreach (var tally in _recorder.Take(++_tick)) Take(tally);
    }

    public void Take(TickTally tally)
    {
        Ticks.Add(tally);
        Evidence = Evidence.Add(Terms, tally);
        Canary = Canary.Merge(tally.Canary);
        Control = Control.Merge(tally.Control);
    }

    public AnalysisResult Analyze() => Analyzer.Analyze(new()
    {
        Stage = new Stage(Weight) { MinRequests = 50 },
        Checks = Checks,
        Canary = Canary,
        Control = Control,
        Terms = Terms,
        Evidence = Evidence,
        Soak = TimeSpan.FromMinutes(1),
    });

    private double Normal() => Math.Sqrt(-2 * Math.Log(1 - _random.NextDouble())) * Math.Cos(2 * Math.PI * _random.NextDouble());
}
