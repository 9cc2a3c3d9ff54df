using System.Collections.Concurrent;
using System.Collections.Immutable;

namespace AgentCanary.Server.Gateway;

/// <summary>
/// Counts what the gateway did since the process started. Thread-safe. Once nothing is under way, <see cref="Received"/> is the sum of all
/// finished requests in <see cref="RequestTotals"/>, of <see cref="Refused"/>, and of <see cref="GoneBeforeRouting"/>.
/// </summary>
public sealed class GatewayCounters
{
    private readonly ConcurrentDictionary<string, long> _refused = new();
    private readonly ConcurrentDictionary<string, Func<ShadowStatus>> _shadows = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, Func<JudgeCounts>> _judges = new(StringComparer.Ordinal);
    private long _received;
    private long _gone;
    private long _stripped;
    private long _rescued;
    private long _rescuesDenied;
    private long _askedOther;
    private long _cut;
    private long _notEdited;
    private long _badReports;

    /// <summary>Gets the requests that came in.</summary>
    public long Received => Volatile.Read(ref _received);

    /// <summary>Gets the requests that were refused before they were routed, by reason.</summary>
    public ImmutableSortedDictionary<string, long> Refused => _refused.ToImmutableSortedDictionary();

    /// <summary>Gets the requests whose caller left before they were routed.</summary>
    public long GoneBeforeRouting => Volatile.Read(ref _gone);

    /// <summary>Gets the headers that would have chosen or faked a variant and were taken off, each spelling and repeat counted.</summary>
    public long HeadersStripped => Volatile.Read(ref _stripped);

    /// <summary>Gets the requests that stable answered for a canary that failed.</summary>
    public long Rescued => Volatile.Read(ref _rescued);

    /// <summary>Gets the requests that were not rescued because the budget was spent.</summary>
    public long RescuesDenied => Volatile.Read(ref _rescuesDenied);

    /// <summary>Gets the reads that the other version was asked as well, because the first one did not know the id and nobody knew whose it was.</summary>
    public long AskedOther => Volatile.Read(ref _askedOther);

    /// <summary>Gets the calls that were ended because their version was rolled back.</summary>
    public long Cut => Volatile.Read(ref _cut);

    /// <summary>Gets the requests whose body could not be given its fields: it was too long, packed, or no JSON object.</summary>
    public long BodiesNotEdited => Volatile.Read(ref _notEdited);

    /// <summary>Gets the reports of agents that made no sense and were left out.</summary>
    public long BadReports => Volatile.Read(ref _badReports);

    /// <summary>Gets what became of the requests that were offered to a shadow, by agent.</summary>
    public ImmutableSortedDictionary<string, ShadowCounts> Shadows => _shadows.ToImmutableSortedDictionary(shadow => shadow.Key, shadow => shadow.Value().Counts, StringComparer.Ordinal);

    /// <summary>Gets what the judges of shadows said, by agent.</summary>
    public ImmutableSortedDictionary<string, JudgeCounts> Judges => _judges.ToImmutableSortedDictionary(judge => judge.Key, judge => judge.Value(), StringComparer.Ordinal);

    internal void WatchJudge(string agent, Func<JudgeCounts> counts) => _judges.TryAdd(agent, counts);

    internal ShadowStatus? FindShadow(string agent) => _shadows.GetValueOrDefault(agent)?.Invoke();

    internal void WatchShadow(string agent, Func<ShadowStatus> status) => _shadows.TryAdd(agent, status);

    internal void OnReceived() => Interlocked.Increment(ref _received);

    internal void OnRefused(string reason) => _refused.AddOrUpdate(reason, 1, static (_, count) => count + 1);

    internal void OnGone() => Interlocked.Increment(ref _gone);

    internal void OnStripped(int headers) => Interlocked.Add(ref _stripped, headers);

    internal void OnRescued() => Interlocked.Increment(ref _rescued);

    internal void OnRescueDenied() => Interlocked.Increment(ref _rescuesDenied);

    internal void OnAskedOther() => Interlocked.Increment(ref _askedOther);

    internal void OnCut() => Interlocked.Increment(ref _cut);

    internal void OnBodyNotEdited() => Interlocked.Increment(ref _notEdited);

    internal void OnBadReport() => Interlocked.Increment(ref _badReports);
}
