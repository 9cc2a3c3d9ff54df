namespace AgentCanary.Analysis.Sequential;

/// <summary>The evidence of a rollout at one look: what each check's says, and what all say together. Immutable.</summary>
internal sealed class SequentialReading
{
    private readonly double[] _worse;
    private readonly AnalysisInput? _input;
    private readonly bool _hasControl;

    /// <summary>Reads the evidence.</summary>
    /// <param name="terms">The terms of the tests.</param>
    /// <param name="evidence">What they have seen.</param>
    /// <param name="hasControl">Whether somebody is left on stable.</param>
    /// <param name="input">The stage, which says where so many answers did not tell what a check is about that what the others say is no evidence; null where all is.</param>
    public SequentialReading(SequentialTerms terms, SequentialEvidence evidence, bool hasControl = true, AnalysisInput? input = null)
    {
        (Terms, Evidence, _hasControl, _input) = (terms, evidence, hasControl, input);
        _worse = new double[terms.Checks.Length];
        Span<double> shared = stackalloc double[_worse.Length];
        for (var i = 0; i < _worse.Length; i++)
        {
            _worse[i] = evidence.LogWorse(terms, i, hasControl);
            shared[i] = terms.Shares[i] is > 0 and var share ? Math.Log(share) + (IsNoEvidence(i) ? 0 : _worse[i]) : double.NegativeInfinity;
        }
        LogRollback = _worse.Length == 0 ? 0 : Numerics.LogSumExp(shared);
    }

    public SequentialTerms Terms { get; }

    public SequentialEvidence Evidence { get; }

    /// <summary>Gets ln of the evidence for a rollback: the weighted mean over the tests of the checks that may roll back.</summary>
    public double LogRollback { get; }

    /// <summary>Gets ln of the evidence that the canary breaks a check.</summary>
    public double LogWorse(int check) => _worse[check];

    /// <summary>Gets between which times stable's rate the canary's is, whenever anybody looks; null for an end that is not known.</summary>
    public (double? Low, double? High) Ratio(int check) => Evidence.Checks[Terms.RatioOf(check)].Ratio is { } ratio ? RatioTest.Interval(ratio, Evidence.Divisor, Terms.Alpha) : (null, null);

    /// <summary>Gets ln of the evidence that the first test of a check needs, the others left as they are, for a rollback.</summary>
    public double NeededFor(int check)
    {
        var (track, state) = (Terms.Checks[check].Tracks[0], Evidence.Checks[check].Tracks[0]);
        if (track.Share <= 0) return Math.Log(1 / Terms.Alpha);
        var others = Math.Exp(LogRollback) - (track.Share * Math.Exp(state.Rollback is { } rollback && Terms.Checks[check].Check.Compares ? track.Rollback!.LogE(rollback, Evidence.Divisor) : _worse[check]));
        return Math.Log(Math.Max((1 / Terms.Alpha) - others, 1) / track.Share);
    }

    /// <summary>Tells whether both versions break an absolute bound, and the canary is not clearly the worse one.</summary>
    public bool IsCommonMode(int check)
    {
        var (terms, total) = (Terms.Checks[check], Evidence.Checks[check].All);
        if (terms.Check.Compares || total.StableCount == 0) return false;
        var whole = terms.IsMean ? ScoreTest.Places - 1 : 1;
        var (canary, stable) = (Rate(total.CanaryBad, total.CanaryCount) / whole, Rate(total.StableBad, total.StableCount) / whole);
        return stable > terms.Bound && canary <= (1.1 * stable) + 0.001;
    }

    /// <summary>Tells whether a check that compares with a bound alone is also held against stable.</summary>
    public bool IsBeside(int check) => _hasControl && Terms.Checks[check].Tracks[^1].IsBeside && Evidence.Checks[check].All.StableCount > 0;

    /// <summary>
    /// Finds the checks that the canary breaks at the level of all of them together (closed testing), the strongest evidence first; where no check is guilty alone, the one that gives most to
    /// what all say together.
    /// </summary>
    public IReadOnlyList<int> Guilty()
    {
        var may = Enumerable.Range(0, _worse.Length).Where(check => Terms.Shares[check] > 0 && !IsNoEvidence(check)).ToArray();
        double[] logs = [.. may.Select(check => _worse[check])];
        int[] guilty = [.. Enumerable.Range(0, may.Length).Where(i => Evidences.Adjusted(logs, i) >= 1 / Terms.Alpha).Select(i => may[i]).OrderByDescending(check => _worse[check])];
        return guilty.Length > 0 ? guilty : [may.MaxBy(check => Math.Log(Terms.Shares[check]) + _worse[check])];
    }

    // An absolute bound that both versions break says nothing against the canary, nor do a few answers that told what most did not.
    private bool IsNoEvidence(int check) => (_input is not null && Untold.IsPartial(Terms.Checks[check].Check, _input)) || IsCommonMode(check);

    private static double Rate(long bad, long count) => count == 0 ? 0 : bad / (double)count;
}
