using AgentCanary.Analysis.Sequential;
using AgentCanary.Metrics;
using BenchmarkDotNet.Attributes;

namespace AgentCanary.Benchmarks;

/// <summary>A closed block of each sequential test, and a whole tick of a rollout's checks in which the blocks close.</summary>
public class SequentialBenchmarks
{
    private const int Operations = EvaluationBenchmarks.Operations;

    private static readonly string[] DefaultChecks = ["error_rate_increase < 0.10", "p95_latency_increase < 0.5"];

    private readonly RateTerms _rates = new() { Line = new(0.001, 1.1), HalfLife = 50_000, Restarts = new() };
    private readonly RateTerms _promotion = new() { Line = new(0.05, 1), HalfLife = 50_000, Worse = false };
    private readonly ShapeTerms _shape = new() { Restarts = new() };
    private readonly ScoreTerms _scores = new(0.01) { Restarts = new() };
    private readonly long[] _canaryBins = [4, 2, 1, 1, 0, 0];
    private readonly long[] _stableBins = [75, 37, 22, 8, 6, 2];
    private readonly long[] _canaryScores = DrawScores(8);
    private readonly long[] _stableScores = DrawScores(152);
    private readonly (SequentialTerms Terms, SequentialEvidence Evidence, TickTally Tick) _default = Run(DefaultChecks);
    private readonly (SequentialTerms Terms, SequentialEvidence Evidence, TickTally Tick) _four =
        Run([.. DefaultChecks, "score.quality_delta > -0.02", "cost_per_request_increase < 0.2"]);

    /// <summary>The test of rates.</summary>
    [Benchmark(OperationsPerInvoke = Operations)]
    public long Rates() => Times(RateTest.Start(_rates), state => RateTest.Add(_rates, state, new(152, 2, 8, 1)));

    /// <summary>The same for a promotion, of which there are four.</summary>
    [Benchmark(OperationsPerInvoke = Operations)]
    public long RatesForPromotion() => Times(RateTest.Start(_promotion), state => RateTest.Add(_promotion, state, new(152, 2, 8, 1)));

    /// <summary>The test of the whole latency.</summary>
    [Benchmark(OperationsPerInvoke = Operations)]
    public long WholeLatency() => Times(ShapeTest.Start(_shape), state => ShapeTest.Add(_shape, state, _canaryBins, _stableBins));

    /// <summary>The test of scores and of means.</summary>
    [Benchmark(OperationsPerInvoke = Operations)]
    public long Scores() => Times(ScoreTest.Start(_scores), state => ScoreTest.Add(_scores, state, _canaryScores, _stableScores));

    /// <summary>A tick of the checks that a stage has by default: eight tests.</summary>
    [Benchmark(OperationsPerInvoke = Operations)]
    public long TickOfDefaultChecks() => Times(_default.Evidence, evidence => evidence.Add(_default.Terms, _default.Tick));

    /// <summary>A tick of these, a score and the cost: twelve tests.</summary>
    [Benchmark(OperationsPerInvoke = Operations)]
    public long TickOfFourChecks() => Times(_four.Evidence, evidence => evidence.Add(_four.Terms, _four.Tick));

    /// <summary>Gets the bins of a rollout with the default checks before its first request.</summary>
    internal static BinPlan FirstPlan()
    {
        var terms = Terms(DefaultChecks);
        return SequentialEvidence.Start(terms).Plan(terms);
    }

    /// <summary>Gets them once stable's quantiles are frozen.</summary>
    internal static BinPlan FrozenPlan()
    {
        var (terms, evidence, _) = Run(DefaultChecks);
        return evidence.Plan(terms);
    }

    private static long Times<T>(T state, Func<T, T> add)
        where T : class
    {
        for (var i = 0; i < Operations; i++) state = add(state);
        return state.GetHashCode();
    }

    private static SequentialTerms Terms(string[] checks) => SequentialTerms.Of(checks.Select(Check.Parse), alpha: 0.01, beta: 0.05, margin: null);

    private static (SequentialTerms Terms, SequentialEvidence Evidence, TickTally Tick) Run(string[] checks)
    {
        var (random, terms) = (new Random(7), Terms(checks));
        var evidence = SequentialEvidence.Start(terms);
        var recorder = new OutcomeRecorder(new() { Bins = evidence.Plan(terms), ScoreNames = ["quality"] }, firstTick: 1);
        for (var tick = 2; ; tick++)
        {
            for (var i = 0; i < 40; i++)
            {
                var arm = i % 4 == 0 ? Arm.Canary : Arm.Control;
                recorder.Record(arm, recorder.Start(arm), 0, Draw(random));
            }
            var taken = recorder.Take(tick)[0];
            if (tick == 100) return (terms, evidence, taken);
            evidence = evidence.Add(terms, taken);
            recorder.Use(evidence.Plan(terms));
        }
    }

    private static Outcome Draw(Random random) => new()
    {
        Class = random.NextDouble() < 0.01 ? OutcomeClass.ErrorUpstream : OutcomeClass.Ok,
        Latency = TimeSpan.FromMilliseconds(80 * Math.Exp(random.NextDouble() * 2)),
        Cost = 0.001 * Math.Exp(random.NextDouble()),
        Scores = [new("quality", 0.6 + (0.4 * random.NextDouble()))],
    };

    private static long[] DrawScores(int count)
    {
        var (random, counts) = (new Random(count), new long[ScoreTest.Places]);
        for (var i = 0; i < count; i++) counts[random.Next(60, 101)]++;
        return counts;
    }
}
