using System.Collections.Immutable;
using AgentCanary.Control;
using AgentCanary.Server.Reports;
using AgentCanary.Testing;

namespace AgentCanary.Server.Tests.Reports;

/// <summary>Reports as they really come: doubled, out of order, about stages that were left, of ids that nobody knows yet. The counters equal a plain model to the last one.</summary>
public sealed class ManyReportsTests
{
    private const string Name = "quality";

    private static int Deliveries => Environment.GetEnvironmentVariable("AGENTCANARY_LONG") == "1" ? 1_000_000 : 50_000;

    [Fact]
    public void Doubled_and_disordered_reports_are_counted_as_a_plain_model_counts_them()
    {
        var (site, random, model) = (new ReportedSite(), new Random(20), new PlainModel());
        var reports = Enumerable.Range(0, Deliveries * 7 / 10).Select(i => Draw(site, random, model, i)).ToArray();
        var sent = Disorder([.. reports, .. Enumerable.Range(0, Deliveries - reports.Length).Select(_ => reports[random.Next(reports.Length)])], random);
        Assert.Equal(Deliveries, sent.Length);

        foreach (var batch in sent[..(sent.Length / 2)].Chunk(1_000)) site.Intake.Take([.. batch]);
        foreach (var (key, decision) in model.KnownLater) site.Learn(key, decision);
        foreach (var batch in sent[(sent.Length / 2)..].Chunk(1_000))
        {
            site.Intake.Take([.. batch]);
            site.Intake.Look();
        }
        site.Time.Advance(TimeSpan.FromHours(24));
        for (var i = 0; i < 10; i++) site.Intake.Look();

        AssertEqual(model, site, sent.Length - reports.Length);
    }

    private static void AssertEqual(PlainModel model, ReportedSite site, int doubled)
    {
        Assert.Equal(doubled, site.Totals[ReportKind.Score, ReportFate.Duplicate]);
        foreach (var fate in (ReportFate[])[ReportFate.Counted, ReportFate.Unused, ReportFate.Outside, ReportFate.Over, ReportFate.TooOld, ReportFate.Orphaned])
            Assert.Equal((fate, model.Fates.GetValueOrDefault(fate)), (fate, site.Totals[ReportKind.Score, fate]));
        Assert.Equal(0, site.Totals.Parked);
        var evidence = site.Evidence;
        var left = Assert.Single(evidence.Left);
        AssertEqual(model.Sums[(0, Arm.Canary)], left.Canary.Score(Name));
        AssertEqual(model.Sums[(0, Arm.Control)], left.Control.Score(Name));
        AssertEqual(model.Sums[(1, Arm.Canary)], evidence.Canary.Score(Name));
        AssertEqual(model.Sums[(1, Arm.Control)], evidence.Control.Score(Name));
        var check = Assert.Single(evidence.Sequential!.Checks, check => check.Total.CanaryCount > 0);
        Assert.Equal((model.Sums[(1, Arm.Canary)].Count, model.Sums[(1, Arm.Control)].Count), (check.Total.CanaryCount, check.Total.StableCount));
    }

    private static void AssertEqual((long Count, long Hundredths) expected, AgentCanary.Metrics.ScoreMoments? found) =>
        Assert.Equal(expected, (found!.Value.Count, (long)Math.Round(found.Value.Mean * found.Value.Count * 100)));

    private static Report Draw(ReportedSite site, Random random, PlainModel model, int number)
    {
        var (arm, stage, hundredths) = (random.Next(2) == 0 ? Arm.Canary : Arm.Control, random.Next(2), random.Next(101));
        var (decision, name, fate) = random.Next(20) switch
        {
            0 => (site.Decision(Arm.Outside, stage), Name, ReportFate.Outside),
            1 => (site.Decision(arm, stage, attempt: 1), Name, ReportFate.Over),
            2 => (site.Decision(arm, stage, ago: TimeSpan.FromDays(7.5)), Name, ReportFate.TooOld),
            3 => (site.Decision(arm, stage), "charm", ReportFate.Unused),
            _ => (site.Decision(arm, stage, ago: TimeSpan.FromDays(random.NextDouble() * 5.9)), Name, ReportFate.Counted),
        };
        var key = new JoinKey(JoinKind.Decision, decision);
        // Few enough of them to find a place each.
        var kind = random.Next(100);
        if (kind < 3) key = new(JoinKind.Conversation, $"thread-{number}");
        if (kind == 0) fate = ReportFate.Orphaned;
        else if (kind < 3) model.KnownLater.Add((key, decision));
        model.Add(fate, stage, arm, hundredths);
        return ReportedSite.Score($"report-{number}", key, hundredths / 100.0, name);
    }

    // Three of ten change places with another one, anywhere.
    private static Report[] Disorder(Report[] reports, Random random)
    {
        for (var i = 0; i < reports.Length * 3 / 20; i++)
        {
            var (one, other) = (random.Next(reports.Length), random.Next(reports.Length));
            (reports[one], reports[other]) = (reports[other], reports[one]);
        }
        return reports;
    }

    private sealed class PlainModel
    {
        public Dictionary<ReportFate, long> Fates { get; } = [];

        public Dictionary<(int Stage, Arm Arm), (long Count, long Hundredths)> Sums { get; } = [];

        public List<(JoinKey Key, string Decision)> KnownLater { get; } = [];

        public void Add(ReportFate fate, int stage, Arm arm, int hundredths)
        {
            Fates[fate] = Fates.GetValueOrDefault(fate) + 1;
            if (fate is not ReportFate.Counted) return;
            var sum = Sums.GetValueOrDefault((stage, arm));
            Sums[(stage, arm)] = (sum.Count + 1, sum.Hundredths + hundredths);
        }
    }
}
