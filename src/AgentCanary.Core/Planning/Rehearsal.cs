using System.Collections.Immutable;
using AgentCanary.Analysis.Sequential;

namespace AgentCanary.Planning;

/// <summary>
/// Plays one rollout whose versions are equal, through the real tests, block by block, with evidence carried from stage to stage as a controller carries it. For one caller.
/// </summary>
/// <remarks>
/// A step is a second's requests, and grows to a fiftieth of what the stage has seen: the figures are right to 2 %, and a rollout of millions of requests costs about five hundred steps.
/// </remarks>
internal sealed class Rehearsal
{
    private const int Fineness = 50;
    private const int MostSteps = 2000;

    private readonly Script _script;
    private readonly SplitMix64 _random;
    private readonly Proof[] _proofs;
    private readonly double[] _provenAt;
    private readonly (SourceRun Run, (int Proof, int Test)[] Proofs)[] _sources;
    private (double All, double Compared) _canary;

    public Rehearsal(Script script, SplitMix64 random)
    {
        (_script, _random) = (script, random);
        _proofs = [.. script.Stages.SelectMany(stage => stage.Proofs).Where(proof => SourceOf(proof) is not null).Distinct()];
        _provenAt = [.. _proofs.Select(_ => double.PositiveInfinity)];
        _sources = [.. Enumerable.Range(0, _proofs.Length).GroupBy(proof => (SourceOf(_proofs[proof])!, _proofs[proof] is Proof.Margin)).Select(group => Begin(group.Key.Item1, [.. group]))];
    }

    /// <summary>Plays a script often.</summary>
    public static ImmutableArray<ImmutableArray<StagePassage>> Play(Script script, int runs, ulong seed)
    {
        var random = new SplitMix64(seed);
        return [.. Enumerable.Range(0, runs).Select(_ => new Rehearsal(script, random).Run())];
    }

    /// <summary>How long the played rollouts took as a whole.</summary>
    public static Spread Total(ImmutableArray<ImmutableArray<StagePassage>> played) => Spread.Of(played.Select(run => run.Sum(stage => stage.Seconds)));

    /// <summary>Plays all stages. One that never ends by itself is left as by a person, so that the later ones are seen too.</summary>
    public ImmutableArray<StagePassage> Run() => [.. _script.Stages.Select(Play)];

    private (SourceRun, (int, int)[]) Begin(Source source, int[] proofs)
    {
        var margins = proofs.Where(proof => _proofs[proof] is Proof.Margin).ToArray();
        return (new(source, [.. margins.Select(proof => ((Proof.Margin)_proofs[proof]).Terms)], _random), [.. proofs.Select(proof => (proof, Array.IndexOf(margins, proof)))]);
    }

    private StagePassage Play(StageScript stage)
    {
        var bake = stage.Stage.LeastTime.TotalSeconds;
        if (stage.AsksNothing) return new(bake, new(bake > 0 ? StageCause.Of.Bake : StageCause.Of.Nothing), [.. stage.Proofs.Select(_ => (0.0, 0.0))]);
        var entered = _canary;
        var wanted = stage.Proofs.Select(proof => Array.IndexOf(_proofs, proof)).Where(place => place >= 0).ToArray();
        var floor = Math.Max(Math.Max(stage.ForRequests, stage.ForUsers), stage.WhileBaking);
        var seen = 0L;
        for (var step = 0; step < MostSteps && !(_canary.All - entered.All >= floor && Array.TrueForAll(wanted, proof => double.IsFinite(_provenAt[proof]))); step++)
        {
            var requests = Math.Max((long)stage.Eligible, Math.Max(1, seen / Fineness));
            seen += requests;
            Serve(stage, requests, Binomial.Draw(_random, requests, stage.Share));
        }
        return Left(stage, entered);
    }

    private void Serve(StageScript stage, long requests, long canary)
    {
        _canary = (_canary.All + canary, _canary.Compared + (stage.HasControl ? canary : 0));
        foreach (var (run, proofs) in _sources)
        {
            if (!run.Add(requests - canary, canary, stage.HasControl)) continue;
            foreach (var (proof, test) in proofs)
            {
                if (double.IsFinite(_provenAt[proof]) || LogE(run, test, _proofs[proof]) < _script.LogProof) continue;
                _provenAt[proof] = CountFor(_proofs[proof], _canary);
                if (test >= 0) run.End(test);
            }
        }
    }

    private static double LogE(SourceRun run, int test, Proof proof) => proof is Proof.Bound bound
        ? Gate.LogRateBelow(run.CanaryBad, run.CanaryCount, bound.Most)
        : run.LogE(test);

    private StagePassage Left(StageScript stage, (double, double) entered)
    {
        var checks = stage.Proofs.Select(proof => At(stage, proof, entered)).ToImmutableArray();
        IEnumerable<(double Seconds, StageCause Cause)> causes =
        [
            (Math.Max(stage.WarmUp, stage.Stage.LeastTime.TotalSeconds), new(StageCause.Of.Bake)),
            (Requests(stage, checks) / stage.CanaryPerSecond, new(StageCause.Of.Requests)),
            (stage.ForUsers / stage.CanaryPerSecond, new(StageCause.Of.Users)),
            .. checks.Select((check, i) => (stage.Proofs[i] is Proof.Requests or Proof.Unknown ? 0 : stage.SecondsFor(check.InStage), new StageCause(StageCause.Of.Check, i))),
        ];
        var (seconds, last) = causes.MaxBy(cause => cause.Seconds);
        return stage.Stage is { OnDeadline: OnDeadline.Promote, Deadline: { } deadline } && seconds > deadline.TotalSeconds
            ? new(deadline.TotalSeconds, new(StageCause.Of.Deadline), checks)
            : new(seconds, last, checks);
    }

    private static double Requests(StageScript stage, ImmutableArray<(double Total, double InStage)> checks) =>
        checks.Where((_, i) => stage.Proofs[i] is Proof.Requests).Select(check => check.InStage).Append(stage.ForRequests).Max();

    private (double Total, double InStage) At(StageScript stage, Proof proof, (double, double) entered) => proof switch
    {
        Proof.Free => (0, 0),
        Proof.Never => (double.PositiveInfinity, double.PositiveInfinity),
        Proof.Unknown => (double.NaN, double.NaN),
        Proof.Requests(var count, var ofBoth) => Both(ofBoth ? stage.ForBothArms(count) : count),
        _ => (ProvenAt(proof), Math.Max(0, ProvenAt(proof) - CountFor(proof, entered))),
    };

    // Requests of a stage without control are no evidence for a comparison.
    private static double CountFor(Proof proof, (double All, double Compared) canary) => proof is Proof.Margin ? canary.Compared : canary.All;

    private double ProvenAt(Proof proof) => _provenAt[Array.IndexOf(_proofs, proof)];

    private static (double, double) Both(double needed) => (needed, needed);

    private static Source? SourceOf(Proof proof) => proof switch
    {
        Proof.Margin(var source, _) => source,
        Proof.Bound(var source, _) => source,
        _ => null,
    };
}
