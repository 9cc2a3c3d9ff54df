using System.Collections.Immutable;
using AgentCanary.Control;
using AgentCanary.Server.Reports;
using Microsoft.Extensions.Logging.Abstractions;

namespace AgentCanary.Server.Tests.Reports;

public sealed class ReportKeeperTests
{
    private readonly MemoryReports _store = new();

    [Fact]
    public async Task A_report_counts_once_across_restarts()
    {
        var before = new ReportedSite();
        Assert.Equal(ReportFate.Counted, before.Take("a", before.Decision()));
        using (var keeper = Keeper(before)) await keeper.KeepAsync(default);

        var after = await RestartAsync();

        Assert.Equal(ReportFate.Duplicate, after.Take("a", after.Decision()));
        Assert.Equal(ReportFate.Counted, after.Take("b", after.Decision()));
    }

    [Fact]
    public async Task A_report_that_waits_goes_on_waiting_after_a_restart_and_no_longer_than_a_day()
    {
        var (before, key) = (new ReportedSite(), new JoinKey(JoinKind.Conversation, "thread-1", "support-agent"));
        before.Intake.Take([ReportedSite.Score("a", key, 0.25), ReportedSite.Score("b", key with { Id = "nobody's" }, 1, "charm")]);
        using (var keeper = Keeper(before)) await keeper.KeepAsync(default);

        var after = await RestartAsync();
        Assert.Equal(2, after.Totals.Parked);
        after.Learn(key, after.Decision());
        after.Time.Advance(TimeSpan.FromHours(23));
        after.Intake.Look();
        Assert.Equal((1, 1L), (after.Totals.Parked, after.Totals[ReportKind.Score, ReportFate.Counted]));
        Assert.Equal(0.25, Assert.Single(after.Evidence.Left).Canary.Score("quality")!.Value.Mean);

        after.Time.Advance(TimeSpan.FromHours(1));
        after.Intake.Look();
        Assert.Equal((0, 1L), (after.Totals.Parked, after.Totals[ReportKind.Score, ReportFate.Orphaned]));
        using (var keeper = Keeper(after)) await keeper.KeepAsync(default);
        Assert.Equal(0, (await RestartAsync()).Totals.Parked);
    }

    [Fact]
    public async Task A_request_has_one_outcome_across_restarts()
    {
        var before = new ReportedSite();
        var request = before.Decided();
        Report Outcome(string id) => new(ReportKind.Outcome, id, request) { Outcome = new() };
        Assert.Equal(ReportFate.Counted, Assert.Single(before.Intake.Take([Outcome("a")])));
        using (var keeper = Keeper(before)) await keeper.KeepAsync(default);

        Assert.Equal(ReportFate.Duplicate, Assert.Single((await RestartAsync()).Intake.Take([Outcome("b")])));
    }

    [Fact]
    public async Task While_the_store_is_out_of_reach_reports_count_and_are_written_down_later()
    {
        var site = new ReportedSite();
        using var keeper = Keeper(site);
        _store.IsOutOfReach = true;
        Assert.Equal(ReportFate.Counted, site.Take("a", site.Decision()));
        await keeper.KeepAsync(default);
        Assert.Empty(_store.Rows);

        _store.IsOutOfReach = false;
        await keeper.KeepAsync(default);

        Assert.Single(_store.Rows);
    }

    [Fact]
    public async Task Which_reports_came_is_written_before_any_evidence_that_rests_on_them()
    {
        var site = new ReportedSite();
        using var keeper = Keeper(site);
        var store = new ReportsFirst(new Witness(_store), keeper);
        site.Take("a", site.Decision());
        await store.WriteEvidenceAsync([new("support-agent", 2, site.Evidence.ToBytes())], default);
        site.Take("b", site.Decision());
        await store.WriteAsync(site.Runtime.State, new() { Agent = "support-agent", Revision = 5, At = default, Type = "paused", Actor = "cli" }, null, default);
        Assert.Equal(2, _store.Rows.Count);
    }

    [Fact]
    public void A_waiting_report_keeps_its_outcome()
    {
        var outcome = new Outcome { Class = OutcomeClass.Safety, Latency = TimeSpan.FromMilliseconds(7), FirstContent = TimeSpan.FromMilliseconds(3), Tokens = 5, Cost = 0.25, SafetyViolations = 2, Model = "gpt-x" };
        var report = new Report(ReportKind.Outcome, "a", new(JoinKind.Trace, "t")) { Outcome = outcome, Violations = 3 };
        Assert.Equal(report with { Scores = default }, ReportCodec.Read(ReportCodec.Write(report))! with { Scores = default });
        report = report with { Outcome = new Outcome() };
        Assert.Equal(report.Outcome, ReportCodec.Read(ReportCodec.Write(report))!.Outcome);
        var bytes = ReportCodec.Write(report);
        for (var length = 0; length < bytes.Length; length++) Assert.Null(ReportCodec.Read(bytes.AsMemory(0, length)));
    }

    [Fact]
    public void A_waiting_report_of_the_version_before_is_read()
    {
        // Written by 0.1.0 of 20 November: a score of 0.5 named quality, about the task t of agent x.
        var bytes = Convert.FromHexString("010101610301740101780300000001077175616C697479000000000000E03F");
        Assert.Equal(new Report(ReportKind.Score, "a", new(JoinKind.Task, "t", "x")) { Violations = 3, Scores = default }, ReportCodec.Read(bytes)! with { Scores = default });
        Assert.Equal(new Score("quality", 0.5), Assert.Single(ReportCodec.Read(bytes)!.Scores));
    }

    [Fact]
    public void Damaged_bytes_of_a_waiting_report_are_left_out()
    {
        var report = ReportedSite.Score("a", new(JoinKind.Task, "t", "x"), 0.5) with { Violations = 3 };
        var bytes = ReportCodec.Write(report);
        Assert.Equal(report with { Scores = default }, ReportCodec.Read(bytes)! with { Scores = default });
        Assert.Equal(new Score("quality", 0.5), Assert.Single(ReportCodec.Read(bytes)!.Scores));
        for (var length = 0; length < bytes.Length; length++) Assert.Null(ReportCodec.Read(bytes.AsMemory(0, length)));
    }

    private async Task<ReportedSite> RestartAsync()
    {
        var site = new ReportedSite();
        using var keeper = Keeper(site);
        await keeper.LoadAsync(default);
        return site;
    }

    private ReportKeeper Keeper(ReportedSite site) => new(site.Intake, _store, site.Time, NullLogger<ReportKeeper>.Instance);

    private sealed class MemoryReports : IReportStore
    {
        public SortedDictionary<ulong, ReportRow> Rows { get; } = [];

        public bool IsOutOfReach { get; set; }

        public ValueTask WriteAsync(ImmutableArray<ReportRow> rows, CancellationToken cancellationToken)
        {
            if (IsOutOfReach) throw new StoreUnavailableException("The disk is full: free some space.");
            foreach (var row in rows) Rows[row.Id] = row;
            return default;
        }

        public ValueTask<ImmutableArray<ReportRow>> ReadAsync(int limit, CancellationToken cancellationToken) => new([.. Rows.Values.OrderBy(row => row.At).TakeLast(limit)]);

        public ValueTask TrimAsync(uint before, int most, CancellationToken cancellationToken) => throw new NotSupportedException();
    }

    // A store of rollouts that looks at each write whether the reports were there first.
    private sealed class Witness(MemoryReports reports) : IRolloutStore
    {
        private int _writes;

        public ValueTask<RolloutEvent> WriteAsync(RolloutState next, RolloutEvent @event, EvidenceRow? evidence, CancellationToken cancellationToken)
        {
            Assert.Equal(++_writes, reports.Rows.Count);
            return new(@event);
        }

        public ValueTask WriteEvidenceAsync(ImmutableArray<EvidenceRow> rows, CancellationToken cancellationToken)
        {
            Assert.Equal(++_writes, reports.Rows.Count);
            return default;
        }

        public ValueTask<ImmutableArray<RolloutState>> ReadAllAsync(CancellationToken cancellationToken) => throw new NotSupportedException();

        public ValueTask<RolloutState?> FindAsync(string agent, CancellationToken cancellationToken) => throw new NotSupportedException();

        public ValueTask<ImmutableArray<RolloutEvent>> ReadEventsAsync(string agent, long afterRevision, int limit, CancellationToken cancellationToken) => throw new NotSupportedException();

        public ValueTask<EvidenceRow?> FindEvidenceAsync(string agent, int attempt, CancellationToken cancellationToken) => throw new NotSupportedException();

        public ValueTask<long?> VerifyAsync(string agent, CancellationToken cancellationToken) => throw new NotSupportedException();
    }
}
