namespace AgentCanary.Routing;

/// <summary>
/// Which version owns which conversation of one agent. Thread-safe. Reading takes no lock and allocates nothing; a miss compares 32 keys in 4 cache lines. Writing takes a short lock.
/// Memory is fixed: 16 bytes and a bit for each place, none before the first pin. A pin may stand in either of two groups of 16 places, so that the table fills
/// well before a live pin has to go; then the one that expires first goes, and as use puts the expiry off, that is the one unused for longest.
/// </summary>
public sealed class PinTable
{
    /// <summary>How many pins an agent has at most, unless said otherwise: 262,144 in 4.2 MB.</summary>
    public const int DefaultCapacity = 1 << 18;

    /// <summary>The smallest key; smaller numbers mark places.</summary>
    internal const ulong FirstKey = 2;

    private const int Ways = 16;
    private const ulong Empty = 0;
    private const ulong Busy = 1;

    private readonly Lock _writing = new();
    private readonly int _capacity;
    private volatile Places? _places;
    private long _evicted;

    /// <summary>Makes an empty table.</summary>
    /// <param name="capacity">The most pins: a power of two, 32 or more.</param>
    /// <exception cref="ArgumentOutOfRangeException">The capacity is no power of two, or less than 32.</exception>
    public PinTable(int capacity = DefaultCapacity)
    {
        if (capacity < 2 * Ways || !int.IsPow2(capacity)) throw new ArgumentOutOfRangeException(nameof(capacity), capacity, "The capacity of a table of pins is a power of two, 32 or more.");
        _capacity = capacity;
    }

    /// <summary>Gets how many pins had to go before they expired, for want of room.</summary>
    public long Evicted => Volatile.Read(ref _evicted);

    /// <summary>Gets whether there was ever a pin.</summary>
    public bool IsUsed => _places is not null;

    /// <summary>Finds a pin that has not expired. Hot: no lock, no allocation, no exception.</summary>
    /// <param name="key">The id, from <see cref="Pin.KeyOf"/>.</param>
    /// <param name="now">Unix time in seconds.</param>
    /// <param name="pin">The pin.</param>
    public bool TryFind(ulong key, uint now, out Pin pin)
    {
        pin = default;
        if (_places is not { } places || places.IndexOf(key) is not (>= 0 and var at)) return false;
        // The place may be given to another pin at any moment: whoever gives it writes the key last, so what stands between two readings of the key is its own.
        if (Volatile.Read(ref places.Keys[at]) != key) return false;
        var packed = Volatile.Read(ref places.Pins[at]);
        if (Volatile.Read(ref places.Keys[at]) != key || Pin.ExpiryIn(packed) <= now) return false;
        pin = Pin.Unpack(key, packed);
        return true;
    }

    /// <summary>Keeps a pin; one of the same key is replaced.</summary>
    /// <param name="pin">The pin.</param>
    /// <param name="now">Unix time in seconds.</param>
    /// <param name="isWritten">Whether a store has it already, so that <see cref="Take"/> leaves it out.</param>
    public void Keep(in Pin pin, uint now, bool isWritten = false)
    {
        lock (_writing)
        {
            var places = _places ??= new(_capacity);
            var at = places.IndexOf(pin.Key);
            if (at < 0) at = Claim(places, pin.Key, now);
            Volatile.Write(ref places.Pins[at], pin.Pack());
            Volatile.Write(ref places.Keys[at], pin.Key);
            places.Mark(at, !isWritten);
        }
    }

    /// <summary>Changes a pin that is still there and still belongs to the same version; else nothing happens.</summary>
    public void Change(in Pin pin)
    {
        lock (_writing)
        {
            if (_places is not { } places || places.IndexOf(pin.Key) is not (>= 0 and var at) || Pin.VersionIn(places.Pins[at]) != pin.Version) return;
            Volatile.Write(ref places.Pins[at], pin.Pack());
            places.Mark(at, true);
        }
    }

    /// <summary>Takes pins that no store has yet, as many as there is room for; they count as written from now on.</summary>
    /// <returns>How many.</returns>
    public int Take(Span<Pin> pins)
    {
        lock (_writing) return _places?.Take(pins) ?? 0;
    }

    /// <summary>Puts pins back that were taken and could not be written. Those that changed or went meanwhile stay as they are.</summary>
    public void PutBack(ReadOnlySpan<Pin> pins)
    {
        lock (_writing)
        {
            foreach (ref readonly var pin in pins)
                if (_places is { } places && places.IndexOf(pin.Key) is >= 0 and var at) places.Mark(at, true);
        }
    }

    /// <summary>Forgets all pins of a version.</summary>
    /// <returns>How many there were, expired ones included.</returns>
    public int Forget(uint version)
    {
        lock (_writing) return _places?.Forget(version) ?? 0;
    }

    /// <summary>Counts the conversations of a version that have not expired. It looks at every place: control path.</summary>
    /// <param name="version">The version, from <see cref="Pin.VersionOf"/>.</param>
    /// <param name="now">Unix time in seconds.</param>
    public int Count(uint version, uint now) => _places?.Count(version, now) ?? 0;

    private int Claim(Places places, ulong key, uint now)
    {
        var at = places.PlaceFor(key);
        if (places.Keys[at] == Empty) return at;
        if (Pin.ExpiryIn(places.Pins[at]) > now) Interlocked.Increment(ref _evicted);
        Volatile.Write(ref places.Keys[at], Busy);
        return at;
    }

    private sealed class Places(int capacity)
    {
        private readonly ulong[] _unwritten = new ulong[(capacity + 63) / 64];
        private readonly uint _groups = (uint)(capacity / Ways) - 1;

        public ulong[] Keys { get; } = new ulong[capacity];

        public ulong[] Pins { get; } = new ulong[capacity];

        public int IndexOf(ulong key)
        {
            var (first, second) = GroupsOf(key);
            var at = Keys.AsSpan(first, Ways).IndexOf(key);
            if (at >= 0) return first + at;
            at = Keys.AsSpan(second, Ways).IndexOf(key);
            return at >= 0 ? second + at : -1;
        }

        // The emptier group takes the newcomer; where both are full, the pin that expires first makes room.
        public int PlaceFor(ulong key)
        {
            var (first, second) = GroupsOf(key);
            var (emptyInFirst, emptyInSecond) = (Keys.AsSpan(first, Ways).Count(Empty), Keys.AsSpan(second, Ways).Count(Empty));
            if (emptyInFirst + emptyInSecond == 0) return Oldest(first, second);
            var group = emptyInFirst >= emptyInSecond ? first : second;
            return group + Keys.AsSpan(group, Ways).IndexOf(Empty);
        }

        public void Mark(int at, bool isUnwritten)
        {
            var bit = 1UL << (at & 63);
            if (isUnwritten) _unwritten[at >> 6] |= bit;
            else _unwritten[at >> 6] &= ~bit;
        }

        public int Take(Span<Pin> pins)
        {
            var taken = 0;
            for (var word = 0; word < _unwritten.Length && taken < pins.Length; word++)
            {
                for (; _unwritten[word] != 0 && taken < pins.Length; _unwritten[word] &= _unwritten[word] - 1)
                {
                    var at = (word << 6) + System.Numerics.BitOperations.TrailingZeroCount(_unwritten[word]);
                    pins[taken++] = Pin.Unpack(Keys[at], Pins[at]);
                }
            }

            return taken;
        }

        public int Forget(uint version)
        {
            var forgotten = 0;
            for (var at = 0; at < Keys.Length; at++)
            {
                if (Keys[at] == Empty || Pin.VersionIn(Pins[at]) != version) continue;
                Volatile.Write(ref Keys[at], Empty);
                Mark(at, false);
                forgotten++;
            }

            return forgotten;
        }

        public int Count(uint version, uint now)
        {
            var count = 0;
            for (var at = 0; at < Keys.Length; at++)
            {
                if (Volatile.Read(ref Keys[at]) == Empty) continue;
                var packed = Volatile.Read(ref Pins[at]);
                if ((packed & 1) != 0 && Pin.VersionIn(packed) == version && Pin.ExpiryIn(packed) > now) count++;
            }

            return count;
        }

        private int Oldest(int first, int second)
        {
            var oldest = first;
            for (var way = 0; way < Ways; way++)
            {
                if (Pins[first + way] < Pins[oldest]) oldest = first + way;
                if (Pins[second + way] < Pins[oldest]) oldest = second + way;
            }

            return oldest;
        }

        private (int First, int Second) GroupsOf(ulong key)
        {
            var (first, second) = ((uint)key & _groups, (uint)(key >> 32) & _groups);
            return ((int)first * Ways, (int)(second == first ? first ^ 1 : second) * Ways);
        }
    }
}
