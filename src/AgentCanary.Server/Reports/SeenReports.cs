namespace AgentCanary.Server.Reports;

/// <summary>
/// Remembers which reports came, by 64-bit hashes of their ids, and which requests have their outcome: the last 1,500,000 at least and twice as many at most, in 32 MB at most. Two reports of different ids are taken for
/// one with a probability below 10⁻¹² each. One caller at a time.
/// </summary>
internal sealed class SeenReports
{
    /// <summary>How many reports fill one half of the memory.</summary>
    public const int Most = 1_500_000;

    private const int First = 1 << 10;
    private const int Largest = 1 << 21;

    private readonly int _most;
    private ulong[] _young = new ulong[First];
    private ulong[] _old = [];
    private int _count;

    /// <summary>Makes an empty memory.</summary>
    /// <param name="most">How many reports fill one half of it.</param>
    public SeenReports(int most = Most) => _most = most;

    /// <summary>Gets how many ids are remembered.</summary>
    public int Count => _count + _old.Count(hash => hash != 0);

    /// <summary>Adds a report.</summary>
    /// <param name="hash">The hash of its id.</param>
    /// <returns>False where it came before.</returns>
    public bool Add(ulong hash)
    {
        // 0 marks a free place.
        if (hash == 0) hash = 1;
        if (_old.Length > 0 && _old[Place(_old, hash)] == hash) return false;
        var place = Place(_young, hash);
        if (_young[place] == hash) return false;
        if (_count == _most) Turn();
        else if (_count * 4L >= _young.Length * 3L && _young.Length < Largest) Grow();
        _young[Place(_young, hash)] = hash;
        _count++;
        return true;
    }

    private static int Place(ulong[] table, ulong hash)
    {
        var place = (int)(hash & (ulong)(table.Length - 1));
        while (table[place] != 0 && table[place] != hash) place = (place + 1) & (table.Length - 1);
        return place;
    }

    private void Turn() => (_old, _young, _count) = (_young, new ulong[First], 0);

    private void Grow()
    {
        var larger = new ulong[_young.Length * 2];
        foreach (var hash in _young)
        {
            if (hash != 0) larger[Place(larger, hash)] = hash;
        }
        _young = larger;
    }
}
