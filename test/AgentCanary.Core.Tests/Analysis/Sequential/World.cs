using System.Collections.Immutable;
using AgentCanary.Analysis;
using AgentCanary.Analysis.Sequential;
using AgentCanary.Metrics;

namespace AgentCanary.Core.Tests.Analysis.Sequential;

/// <summary>Seeded traffic of two versions, tick by tick, through the real recorder, and the real analyzer's verdict after each.</summary>
internal sealed class World
{
    private readonly OutcomeRecorder _recorder;
    private long _tick = 1;

    public World(int seed, Weight weight, params string[] checks)
        : this(seed, weight, [.. checks.Select(Check.Parse)])
    {
    }

    public World(int seed, Weight weight, ImmutableArray<Check> checks)
    {
        Random = new(seed);
        Weight = weight;
        Checks = checks;
        Terms = SequentialTerms.Of(Checks, alpha: 0.01, beta: 0.05, margin: null);
        Evidence = SequentialEvidence.Start(Terms);
        _recorder = NewRecorder();
    }

    public Random Random { get; }

    public Weight Weight { get; }

    public ImmutableArray<Check> Checks { get; }

    public SequentialTerms Terms { get; private set; }

    public SequentialEvidence Evidence { get; private set; }

    public MetricWindow Canary { get; private set; } = MetricWindow.Empty;

    public MetricWindow Control { get; private set; } = MetricWindow.Empty;

    public List<TickTally> Ticks { get; } = [];

    /// <summary>Lets the world that begins tell ratios, too.</summary>
    public World WithRatios()
    {
        Terms = Terms.WithRatios();
        Evidence = SequentialEvidence.Start(Terms);
        return this;
    }

    /// <summary>Makes a recorder that begins as the world's did.</summary>
    public OutcomeRecorder NewRecorder() => new(
        new() { OutcomeDeadline = TimeSpan.FromSeconds(10), Bins = SequentialEvidence.Start(Terms).Plan(Terms), ScoreNames = [.. Checks.Select(check => check.Metric.ScoreName).OfType<string>().Distinct()] },
        firstTick: 1);

    /// <summary>Serves a second of traffic.</summary>
    public void Second(int requests, double stableErrors, double canaryErrors, double stableMs = 100, double canaryMs = 100)
    {
        Second(requests, arm =>
        {
            var isCanary = arm is Arm.Canary;
            var latency = (isCanary ? canaryMs : stableMs) * Math.Exp(0.6 * Normal());
            var isError = Random.NextDouble() < (isCanary ? canaryErrors : stableErrors);
            return new() { Class = isError ? OutcomeClass.ErrorUpstream : OutcomeClass.Ok, Latency = TimeSpan.FromMilliseconds(latency) };
        });
    }

    /// <summary>Serves a second of traffic with outcomes of any kind.</summary>
    public void Second(int requests, Func<Arm, Outcome> outcome)
    {
        for (var i = 0; i < requests; i++)
        {
            var arm = Random.NextDouble() < Weight.Fraction ? Arm.Canary : Arm.Control;
            _recorder.Record(arm, _recorder.Start(arm), keyHash: 0, outcome(arm));
        }
        foreach (var tally in _recorder.Take(++_tick)) Take(tally);
    }

    /// <summary>Serves a second in which stable scored so and, where it served, the canary.</summary>
    public void Second(int stable, double stableScore, (bool Serves, double Score) canary)
    {
        for (var i = 0; i < stable; i++) Score(Arm.Control, stableScore);
        if (canary.Serves) Score(Arm.Canary, canary.Score);
        foreach (var tally in _recorder.Take(++_tick)) Take(tally);
    }

    private void Score(Arm arm, double score) => _recorder.Record(
        arm, _recorder.Start(arm), keyHash: 0, new() { Class = OutcomeClass.Ok, Latency = TimeSpan.FromMilliseconds(100), Scores = [new(Checks[0].Metric.ScoreName!, score)] });

    /// <summary>Serves a second of traffic of which everything is said.</summary>
    public void Exactly(int control, int controlFailed, int canary, int canaryFailed, double controlMs = 100, double canaryMs = 100)
    {
        foreach (var (arm, requests, failed, milliseconds) in new[] { (Arm.Control, control, controlFailed, controlMs), (Arm.Canary, canary, canaryFailed, canaryMs) })
        {
            for (var i = 0; i < requests; i++)
                _recorder.Record(arm, _recorder.Start(arm), keyHash: 0, new() { Class = i < failed ? OutcomeClass.Timeout : OutcomeClass.Ok, Latency = TimeSpan.FromMilliseconds(milliseconds) });
        }
        foreach (var tally in _recorder.Take(++_tick)) Take(tally);
    }

    public void Take(TickTally tally)
    {
        Ticks.Add(tally);
        var before = Evidence;
        Evidence = Evidence.Add(Terms, tally);
        if (!Evidence.HasCutsOf(before)) _recorder.Use(Evidence.Plan(Terms));
        Canary = Canary.Merge(tally.Canary);
        Control = Control.Merge(tally.Control);
    }

    public AnalysisResult Analyze(Func<AnalysisInput, AnalysisInput>? change = null) => Analyzer.Analyze(change is null ? Input : change(Input));

    private AnalysisInput Input => new()
    {
        Stage = new Stage(Weight) { MinRequests = 50 },
        Checks = Checks,
        Canary = Canary.With(_recorder.Latency(Arm.Canary), _recorder.FirstContent(Arm.Canary), _recorder.Users(Arm.Canary)),
        Control = Control.With(_recorder.Latency(Arm.Control), _recorder.FirstContent(Arm.Control), _recorder.Users(Arm.Control)),
        Terms = Terms,
        Evidence = Evidence,
        Soak = TimeSpan.FromMinutes(1),
    };

    /// <summary>Draws from the standard normal distribution.</summary>
    public double Normal() => Math.Sqrt(-2 * Math.Log(1 - Random.NextDouble())) * Math.Cos(2 * Math.PI * Random.NextDouble());
}
