using System.Collections.Immutable;
using System.Globalization;
using AgentCanary.Control;
using AgentCanary.Routing;
using AgentCanary.Server.Gateway;

namespace AgentCanary.Server.Reports;

/// <summary>
/// Takes what is reported of requests after their answers: each report once, however often it is sent and in whatever order, and for the version, the arm and the stage that served. Thread-safe;
/// its memory is bounded, whatever is sent.
/// </summary>
public sealed class ReportIntake
{
    private const int Places = 50_000;
    private const int MostLooks = 10_000;

    // Ids are hashed by their kind, 0 or 1.
    private const ulong OutcomeSeed = 2;

    // Where the store is out of reach for long, later reports are remembered in this process alone.
    private const int MostUnwritten = 200_000;

    private readonly Lock _gate = new();
    private readonly RolloutRegistry _registry;
    private readonly DecisionIds _ids;
    private readonly ReportTotals _totals;
    private readonly TimeProvider _time;
    private readonly IDecisionMap? _map;
    private readonly SeenReports _seen = new();
    private readonly Queue<ReportRow> _unwritten = new();
    private readonly ParkingLot _lot = new(Places, ReportRule.Parking);

    /// <summary>Makes an intake.</summary>
    /// <param name="registry">The rollouts.</param>
    /// <param name="ids">What reads decision ids.</param>
    /// <param name="totals">Where the reports are counted.</param>
    /// <param name="time">The clock.</param>
    /// <param name="map">What knows other ids than those of decisions; null where nothing does.</param>
    public ReportIntake(RolloutRegistry registry, DecisionIds ids, ReportTotals totals, TimeProvider time, IDecisionMap? map = null) =>
        (_registry, _ids, _totals, _time, _map) = (registry, ids, totals, time, map);

    /// <summary>Takes some reports, whole: each of them meets its fate.</summary>
    /// <returns>The fate of each, in their order.</returns>
    public ImmutableArray<ReportFate> Take(ImmutableArray<Report> reports)
    {
        var fates = ImmutableArray.CreateBuilder<ReportFate>(reports.Length);
        lock (_gate)
        {
            var (rollouts, now) = (ReadRollouts(), _time.GetUtcNow());
            foreach (var report in reports)
            {
                var fate = _seen.Add(HashOf(report)) ? Keep(report, rollouts, now) : ReportFate.Duplicate;
                _totals.Count(report.Kind, fate);
                fates.Add(fate);
            }
            _totals.Parked = _lot.Count;
        }
        return fates.MoveToImmutable();
    }

    /// <summary>Looks at parked reports again: about once a second.</summary>
    public void Look()
    {
        lock (_gate)
        {
            if (_lot.Count == 0) return;
            var (rollouts, now) = (ReadRollouts(), _time.GetUtcNow());
            _lot.Look(MostLooks, now, (report, isOver) =>
            {
                if (Find(report.Key) is null && !isOver) return false;
                Note(HashOf(report), now, parked: default);
                var fate = Judge(report, rollouts, now);
                _totals.Count(report.Kind, fate is ReportFate.Parked ? ReportFate.Orphaned : fate);
                return true;
            });
            _totals.Parked = _lot.Count;
        }
    }

    /// <summary>Goes on with the reports that an earlier process knew. Before the first report.</summary>
    internal void Load(ImmutableArray<ReportRow> rows)
    {
        lock (_gate)
        {
            foreach (var row in rows)
            {
                _seen.Add(row.Id);
                if (!row.Parked.IsEmpty && ReportCodec.Read(row.Parked) is { } report) _lot.TryAdd(report, DateTimeOffset.FromUnixTimeSeconds(row.At));
            }
            _totals.Parked = _lot.Count;
        }
    }

    /// <summary>Reads what is to be written down, the oldest first; it stays until it is removed.</summary>
    internal ImmutableArray<ReportRow> PeekUnwritten(int most)
    {
        lock (_gate) return [.. _unwritten.Take(most)];
    }

    /// <summary>Removes what was written down.</summary>
    internal void RemoveWritten(int rows)
    {
        lock (_gate)
        {
            for (; rows > 0; rows--) _unwritten.Dequeue();
        }
    }

    private static ulong HashOf(Report report) => StickyHash.Hash(report.Id, (ulong)report.Kind);

    // That a request has its outcome is remembered beside the ids.
    private static ulong HashOfOutcome(in DecisionId decision) =>
        StickyHash.Hash(string.Create(CultureInfo.InvariantCulture, $"{decision.Rollout} {decision.KeyHash} {decision.StartedAt.UtcTicks} {decision.Sequence}"), OutcomeSeed);

    // Noted before it counts: who writes down what has been counted finds it noted.
    private ReportFate Keep(Report report, Dictionary<ulong, CanaryRuntime> rollouts, DateTimeOffset now)
    {
        var isParked = report.Key.Kind is not JoinKind.Decision && Find(report.Key) is null && _lot.TryAdd(report, now);
        Note(HashOf(report), now, isParked ? ReportCodec.Write(report) : default);
        if (isParked) return ReportFate.Parked;
        return Judge(report, rollouts, now) is not ReportFate.Parked and var fate ? fate : ReportFate.Orphaned;
    }

    private void Note(ulong hash, DateTimeOffset now, ReadOnlyMemory<byte> parked)
    {
        if (_unwritten.Count < MostUnwritten) _unwritten.Enqueue(new(hash, (uint)now.ToUnixTimeSeconds(), parked));
    }

    // The first outcome of a request is its outcome; what comes later may only add to it.
    private bool IsFirst(in DecisionId decision, DateTimeOffset now)
    {
        var hash = HashOfOutcome(decision);
        if (!_seen.Add(hash)) return false;
        Note(hash, now, parked: default);
        return true;
    }

    private ReportFate Judge(Report report, Dictionary<ulong, CanaryRuntime> rollouts, DateTimeOffset now)
    {
        if (Find(report.Key) is not { } decision) return report.Key.Kind is JoinKind.Decision ? ReportFate.Orphaned : ReportFate.Parked;
        if (!rollouts.TryGetValue(decision.Rollout, out var runtime)) return ReportFate.Over;
        var (served, age) = (decision.ToAssignment(""), now - decision.StartedAt);
        // What the gateway served it has counted itself.
        if (!decision.IsReported || report.Outcome is not { } outcome) return runtime.Report(served, age, report.Violations, report.Scores.AsSpan());
        if (IsFirst(decision, now)) return runtime.ReportOutcome(served, age, outcome, report.Scores.AsSpan());
        return report.Violations == 0 && report.Scores.IsEmpty ? ReportFate.Duplicate : runtime.Report(served, age, report.Violations, report.Scores.AsSpan());
    }

    // A decision id that cannot be read today cannot be read tomorrow.
    private DecisionId? Find(in JoinKey key)
    {
        if (key.Kind is JoinKind.Decision) return _ids.TryRead(key.Id, out var decision) ? decision : null;
        return _map?.TryFind(key, out var found) == true ? found : null;
    }

    // A spec may be replaced inside a runtime, so the names are made anew for each batch.
    private Dictionary<ulong, CanaryRuntime> ReadRollouts()
    {
        var rollouts = new Dictionary<ulong, CanaryRuntime>();
        foreach (var runtime in _registry.Current.Values) rollouts[DecisionId.RolloutOf(runtime.Spec)] = runtime;
        return rollouts;
    }
}
