using AgentCanary.Analysis.Sequential;
using AgentCanary.Planning;

namespace AgentCanary.Decisions.Sections;

/// <summary>Goal 1, where failures end sooner than successes: the recorder counts by the start of a request, so that both arms are seen whole.</summary>
internal static class DelayedOutcomes
{
    private const int Seconds = 600;
    private const double Share = 0.05;

    private static readonly SequentialTerms Terms = EvidenceRun.Of("error_rate_delta < 0");

    private static readonly (double Errors, int PerSecond, int Success, int Failure, string Reference)[] Rows =
        [(0.05, 2, 30, 1, "0.4 %"), (0.05, 2, 120, 1, "0.3 %"), (0.02, 10, 60, 2, "0.5 %"), (0.05, 10, 120, 1, "0.3 %")];

    public static Section Section { get; } = new(
        "Failures that end sooner than successes",
        1,
        "Equal versions for 10 minutes, 5 % canary, the check `error_rate_delta < 0`; requests go through the recorder, the ticks that it calls complete through the evidence of a rollout. "
            + "For contrast the same requests counted when they end, which the product never does: the canary's first failures are then seen before its first successes, beside a stable version that has run for long.",
        Measure);

    private static IEnumerable<Figure> Measure(Effort effort)
    {
        var seed = 121ul;
        foreach (var (errors, perSecond, success, failure, reference) in Rows)
        {
            var runs = effort.Runs(1_000);
            var rolledBack = Runs.Of(runs, seed, random => Run(random, errors, (int)(perSecond / Share), success, failure));
            var name = $"{errors * 100:0} % errors, {perSecond} canary requests/s, success after {success} s, failure after {failure} s";
            yield return new(name, Unit.Share, Estimate.Share(rolledBack.Count(run => run.ByStart), runs), runs, seed) { Goal = Goal.AtMost(0.01), Reference = reference };
            yield return new($"{name}: counted by end", Unit.Share, Estimate.Share(rolledBack.Count(run => run.ByEnd), runs), runs, seed++);
        }
    }

    private static (bool ByStart, bool ByEnd) Run(SplitMix64 random, double errors, int perSecond, int success, int failure)
    {
        var (ended, byEnd, rolledBack) = (new Block[Seconds + success + 1], new EndRun(), (ByStart: false, ByEnd: false));
        ServeBefore(random, ended, errors, perSecond, success, failure);
        var (byStart, served) = (new EvidenceRun(Terms), new Block[Seconds]);
        for (var second = 0; second < ended.Length; second++)
        {
            if (second < Seconds) served[second] = Serve(random, byStart, errors, perSecond);
            if (second >= failure && second - failure < Seconds) End(byStart, second - failure, OutcomeClass.ErrorUpstream, failure, Failed(served[second - failure]), ref ended[second]);
            if (second >= success && second - success < Seconds) End(byStart, second - success, OutcomeClass.Ok, success, Succeeded(served[second - success]), ref ended[second]);
            byStart.To(second + 1);
            rolledBack.ByStart |= byStart.LogRollback >= RateRun.Rollback;
            if (second < Seconds) rolledBack.ByEnd |= byEnd.Add(ended[second]) >= RateRun.Rollback;
        }
        return rolledBack;
    }

    // What stable was asked before the rollout, and ends in it.
    private static void ServeBefore(SplitMix64 random, Block[] ended, double errors, int perSecond, int success, int failure)
    {
        var stable = (long)(perSecond * (1 - Share));
        for (var started = -success; started < 0; started++)
        {
            var bad = Binomial.Draw(random, stable, errors);
            if (started + failure >= 0) ended[started + failure] = ended[started + failure].Plus(new(bad, bad, 0, 0));
            ended[started + success] = ended[started + success].Plus(new(stable - bad, 0, 0, 0));
        }
    }

    private static Block Serve(SplitMix64 random, EvidenceRun run, double errors, int perSecond)
    {
        var canary = Binomial.Draw(random, perSecond, Share);
        for (var i = 0; i < perSecond; i++) run.Start(i < canary ? Arm.Canary : Arm.Control);
        return new(perSecond - canary, Binomial.Draw(random, perSecond - canary, errors), canary, Binomial.Draw(random, canary, errors));
    }

    private static Block Failed(Block served) => new(served.StableBad, served.StableBad, served.CanaryBad, served.CanaryBad);

    private static Block Succeeded(Block served) => new(served.StableCount - served.StableBad, 0, served.CanaryCount - served.CanaryBad, 0);

    private static void End(EvidenceRun run, int started, OutcomeClass @class, int seconds, Block requests, ref Block ended)
    {
        var outcome = new Outcome { Class = @class, Latency = TimeSpan.FromSeconds(seconds) };
        for (var i = 0L; i < requests.StableCount; i++) run.End(Arm.Control, started, outcome);
        for (var i = 0L; i < requests.CanaryCount; i++) run.End(Arm.Canary, started, outcome);
        ended = ended.Plus(requests);
    }

    // The same test, fed by the second in which a request ended.
    private sealed class EndRun
    {
        private readonly RateTerms _terms = RateRun.Worse(Line.Equal);
        private RateState _state = RateTest.Start(RateRun.Worse(Line.Equal));
        private Block _open;
        private long _closed;

        public double Add(Block second)
        {
            _open = _open.Plus(second);
            if (!BlockClosing.IsComplete(_open, _closed)) return _state.LogE;
            (_state, _closed, _open) = (RateTest.Add(_terms, _state, _open), _closed + _open.CanaryCount, default);
            return _state.LogE;
        }
    }
}
