namespace AgentCanary.Routing;

/// <summary>
/// Which version owns what an agent's id stands for: a conversation, a task, a session. Ids are kept as hashes, for some of them are secrets. Immutable and thread-safe.
/// </summary>
/// <param name="Key">The id, as <see cref="KeyOf"/> makes it.</param>
/// <param name="Version">The version that owns it, as <see cref="VersionOf"/> makes it.</param>
/// <param name="ExpiresAt">When it is forgotten unless it is used before, in seconds of Unix time.</param>
public readonly record struct Pin(ulong Key, uint Version, uint ExpiresAt)
{
    private const int VersionBits = 24;
    private const int BeganBits = 8;
    private const uint Epoch = 1_577_836_800; // 2020-01-01: 31 bits of seconds last until 2088
    private const uint MostSeconds = (1u << 31) - 1;

    /// <summary>Gets the mark of the stage in which the split began the conversation, from <see cref="BeganIn"/>; 0 where it did not begin by a split.</summary>
    public byte Began { get; init; }

    /// <summary>Gets whether this id stands for its conversation when conversations are counted: one of all its ids does.</summary>
    public bool IsHead { get; init; }

    /// <summary>Makes a key of an id. Pure; allocates nothing.</summary>
    /// <param name="kind">What the id stands for: ids of two kinds are never the same.</param>
    /// <param name="id">The id.</param>
    public static ulong KeyOf(int kind, ReadOnlySpan<char> id) => Math.Max(StickyHash.Hash(id, (ulong)kind), PinTable.FirstKey);

    /// <summary>Makes the short mark of a version: 24 bits of the hash of its name.</summary>
    public static uint VersionOf(string version) => (uint)(StickyHash.Hash(version, 0) >> (64 - VersionBits));

    /// <summary>Makes the mark of a stage of an attempt, 1 to 255. Two stages may share one by chance.</summary>
    public static byte BeganIn(RoutePlan plan)
    {
        ArgumentNullException.ThrowIfNull(plan);
        return (byte)(1 + ((plan.Salt + (ulong)plan.Stage) % 255));
    }

    /// <summary>Gets Unix time in seconds.</summary>
    public static uint SecondsOf(DateTimeOffset time) => (uint)Math.Clamp(time.ToUnixTimeSeconds(), 0, uint.MaxValue);

    internal ulong Pack() =>
        (Math.Min(ExpiresAt < Epoch ? 0 : ExpiresAt - Epoch, (ulong)MostSeconds) << (VersionBits + BeganBits + 1))
        | ((ulong)(Version & ((1 << VersionBits) - 1)) << (BeganBits + 1)) | ((ulong)Began << 1) | (IsHead ? 1UL : 0);

    internal static Pin Unpack(ulong key, ulong packed) => new(key, VersionIn(packed), ExpiryIn(packed))
    {
        Began = (byte)(packed >> 1),
        IsHead = (packed & 1) != 0,
    };

    internal static uint VersionIn(ulong packed) => (uint)(packed >> (BeganBits + 1)) & ((1 << VersionBits) - 1);

    internal static uint ExpiryIn(ulong packed) => (uint)(packed >> (VersionBits + BeganBits + 1)) + Epoch;
}
