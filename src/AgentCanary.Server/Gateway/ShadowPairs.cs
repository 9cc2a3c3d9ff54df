using System.Collections.Immutable;
using AgentCanary.Spec;

namespace AgentCanary.Server.Gateway;

/// <summary>
/// The newest pairs of each agent, in memory only: how many, for how long and whether with redacted texts the present file says, also of pairs that are here already. Thread-safe.
/// </summary>
internal sealed class ShadowPairs : IDisposable
{
    // What a file that keeps nothing to read lets one see: digest, length and similarity.
    private const int Bare = 50;
    private static readonly TimeSpan Sweep = TimeSpan.FromMinutes(1);
    private static readonly ShadowSpec Usual = new();

    private readonly Dictionary<string, ImmutableQueue<ShadowPair>> _agents = new(StringComparer.Ordinal);
    private readonly Lock _gate = new();
    private readonly RolloutRegistry _registry;
    private readonly TimeProvider _time;
    private readonly ITimer _timer;

    public ShadowPairs(RolloutRegistry registry, TimeProvider time)
    {
        (_registry, _time) = (registry, time);
        _timer = time.CreateTimer(_ => Forget(), null, Sweep, Sweep);
    }

    /// <summary>Keeps a pair, and lets the oldest go where there are too many.</summary>
    public void Add(string agent, ShadowPair pair)
    {
        lock (_gate) _agents[agent] = Kept(agent, _agents.GetValueOrDefault(agent, []).Enqueue(pair));
    }

    /// <summary>Reads the pairs of an agent, newest first.</summary>
    public ImmutableArray<ShadowPair> Read(string agent)
    {
        Forget();
        lock (_gate) return [.. _agents.GetValueOrDefault(agent, []).Reverse()];
    }

    public void Dispose() => _timer.Dispose();

    // What is too old, or was kept for a file that does not ask for it any more, goes within a minute, whether or not anybody looks.
    private void Forget()
    {
        lock (_gate)
        {
            foreach (var (agent, pairs) in _agents.ToArray())
            {
                if (Kept(agent, pairs) is { IsEmpty: false } kept) _agents[agent] = kept;
                else _agents.Remove(agent);
            }
        }
    }

    private ImmutableQueue<ShadowPair> Kept(string agent, ImmutableQueue<ShadowPair> pairs)
    {
        if (!_registry.Current.TryGetValue(agent, out var runtime)) return [];
        var terms = runtime.Spec.Shadow ?? Usual;
        var young = pairs.Where(pair => _time.GetUtcNow() - pair.At < terms.KeepFor).TakeLast(terms.Keep > 0 ? terms.Keep : Bare);
        return ImmutableQueue.CreateRange(terms.Keep > 0 ? young : young.Select(pair => pair.Bare()));
    }
}
