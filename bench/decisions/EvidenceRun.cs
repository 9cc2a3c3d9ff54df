using AgentCanary.Analysis.Sequential;
using AgentCanary.Metrics;

namespace AgentCanary.Decisions;

/// <summary>Requests through the recorder, and the ticks that it calls complete through the evidence of a rollout, as a controller does it second by second.</summary>
internal sealed class EvidenceRun
{
    private readonly OutcomeRecorder _recorder;

    public EvidenceRun(SequentialTerms terms)
    {
        (Terms, Evidence) = (terms, SequentialEvidence.Start(terms));
        _recorder = new(
            new()
            {
                OutcomeDeadline = TimeSpan.FromMinutes(5),
                Bins = Evidence.Plan(terms),
                ScoreNames = [.. terms.Checks.Select(check => check.Check.Metric.ScoreName).OfType<string>().Distinct()],
            },
            firstTick: 0);
    }

    public SequentialTerms Terms { get; }

    public SequentialEvidence Evidence { get; private set; }

    /// <summary>Gets ln of the evidence for a rollback.</summary>
    public double LogRollback => new SequentialReading(Terms, Evidence).LogRollback;

    public static SequentialTerms Of(string check) => SequentialTerms.Of([Check.Parse(check)], alpha: 0.01, beta: 0.05, margin: null);

    /// <summary>Begins a request in the present second.</summary>
    public long Start(Arm arm) => _recorder.Start(arm);

    /// <summary>Ends a request of some second.</summary>
    public void End(Arm arm, long second, in Outcome outcome) => _recorder.Record(arm, second, keyHash: 0, outcome);

    /// <summary>Goes on to a second.</summary>
    public void To(long second)
    {
        foreach (var tally in _recorder.Take(second))
        {
            var before = Evidence;
            Evidence = Evidence.Add(Terms, tally);
            if (!Evidence.HasCutsOf(before)) _recorder.Use(Evidence.Plan(Terms));
        }
    }
}
