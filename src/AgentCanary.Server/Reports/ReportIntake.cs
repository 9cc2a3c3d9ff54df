using System.Collections.Immutable;
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

    private readonly Lock _gate = new();
    private readonly RolloutRegistry _registry;
    private readonly DecisionIds _ids;
    private readonly ReportTotals _totals;
    private readonly TimeProvider _time;
    private readonly IDecisionMap? _map;
    private readonly SeenReports _seen = new();
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
                var fate = _seen.Add(StickyHash.Hash(report.Id, (ulong)report.Kind)) ? Judge(report, rollouts, now) : ReportFate.Duplicate;
                if (fate is ReportFate.Parked && !_lot.TryAdd(report, now)) fate = ReportFate.Orphaned;
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
                var fate = Judge(report, rollouts, now);
                if (fate is ReportFate.Parked && !isOver) return false;
                _totals.Count(report.Kind, fate is ReportFate.Parked ? ReportFate.Orphaned : fate);
                return true;
            });
            _totals.Parked = _lot.Count;
        }
    }

    private ReportFate Judge(Report report, Dictionary<ulong, CanaryRuntime> rollouts, DateTimeOffset now)
    {
        if (!TryFind(report.Key, out var decision)) return report.Key.Kind is JoinKind.Decision ? ReportFate.Orphaned : ReportFate.Parked;
        return rollouts.TryGetValue(decision.Rollout, out var runtime)
            ? runtime.Report(decision.ToAssignment(""), now - decision.StartedAt, report.Violations, report.Scores.AsSpan())
            : ReportFate.Over;
    }

    // A decision id that cannot be read today cannot be read tomorrow.
    private bool TryFind(in JoinKey key, out DecisionId decision)
    {
        if (key.Kind is JoinKind.Decision) return _ids.TryRead(key.Id, out decision);
        decision = default;
        return _map?.TryFind(key, out decision) == true;
    }

    // A spec may be replaced inside a runtime, so the names are made anew for each batch.
    private Dictionary<ulong, CanaryRuntime> ReadRollouts()
    {
        var rollouts = new Dictionary<ulong, CanaryRuntime>();
        foreach (var runtime in _registry.Current.Values) rollouts[DecisionId.RolloutOf(runtime.Spec)] = runtime;
        return rollouts;
    }
}
