namespace AgentCanary;

/// <summary>How a sticky key becomes a place in the key space. Both are contracts with published vectors.</summary>
public enum StickyHashKind
{
    /// <summary>XXH64 of the UTF-8 key, seeded by the attempt's salt; its high 32 bits.</summary>
    Xxh64,

    /// <summary>The first four bytes of the unsalted MD5, big-endian: assigns exactly as the Python library agent-canary does.</summary>
    Md5,
}
