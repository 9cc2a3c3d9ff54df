using System.Globalization;
using AgentCanary.Routing;

namespace AgentCanary.Planning.Simulation;

/// <summary>
/// The requests of one run, one after the other: a Poisson process. Each takes the same draws whoever serves it, so equal seeds give every method the same users, at the same times, with the same
/// luck. One caller at a time; allocates nothing for a request.
/// </summary>
internal sealed class RequestStream
{
    private readonly World _world;
    private readonly SplitMix64 _random;
    private readonly SplitMix64 _user = new(0);
    private readonly ulong _seed;
    private readonly ulong _salt;
    private readonly bool _isMd5;
    private readonly bool _isKeyed;
    private readonly ulong[] _hashes;
    private readonly double[] _proneness;

    public RequestStream(World world, ulong seed, ulong salt, bool isMd5, bool isKeyed)
    {
        (_world, _seed, _salt, _isMd5, _isKeyed) = (world, seed, salt, isMd5, isKeyed);
        _random = new(seed);
        _hashes = new ulong[world.Users ?? 0];
        _proneness = new double[world.Clustering > 0 ? _hashes.Length : 0];
        NextAt = Gap();
    }

    /// <summary>Gets when the next request starts, in seconds.</summary>
    public double NextAt { get; private set; }

    /// <summary>Takes the next request.</summary>
    public MadeRequest Take()
    {
        var (at, who) = (NextAt, _random.NextBits());
        NextAt += Gap();
        var user = (int)Math.BigMul(who, (ulong)_hashes.Length, out _);
        var hash = _hashes.Length > 0 ? Hash(user) : _isKeyed ? who | 1 : 0;
        var place = hash == 0 ? who : hash;
        return new()
        {
            At = at,
            KeyHash = hash,
            Bucket = _isMd5 && _hashes.Length > 0 ? Md5Bucket(user) : (uint)(place >> 32),
            Slice = (uint)place,
            Proneness = _proneness.Length > 0 ? _proneness[user] : double.NaN,
            Fate = _random.NextUnit(),
            Pace = Draws.Normal(_random),
            Quota = _random.NextUnit(),
            Harm = _random.NextUnit(),
            Seed = _random.NextBits(),
        };
    }

    private double Gap() => Draws.Exponential(_random) / _world.PerSecond;

    // A user is met for the first time: the hash of the key, and the own error rate, follow from the seed and the number alone.
    private ulong Hash(int user)
    {
        if (_hashes[user] != 0) return _hashes[user];
        Span<char> key = stackalloc char[16];
        if (_proneness.Length > 0)
        {
            _user.Restart(_seed + ((ulong)(user + 1) * 0xD1342543DE82EF95));
            _proneness[user] = _world.DrawProneness(_user);
        }
        return _hashes[user] = StickyHash.Hash(Key(user, key), _salt) | 1;
    }

    private static uint Md5Bucket(int user)
    {
        Span<char> key = stackalloc char[16];
        return StickyHash.Md5Bucket(Key(user, key));
    }

    private static ReadOnlySpan<char> Key(int user, Span<char> key)
    {
        "user-".CopyTo(key);
        user.TryFormat(key[5..], out var length, provider: CultureInfo.InvariantCulture);
        return key[..(5 + length)];
    }
}
