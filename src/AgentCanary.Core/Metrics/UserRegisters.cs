using System.Collections.Immutable;

namespace AgentCanary.Metrics;

/// <summary>The registers of a <see cref="UserSketch"/> while they are written. Thread-safe; adding a key seen before is one
/// read.</summary>
internal sealed class UserRegisters
{
    private readonly byte[] _registers = new byte[UserSketch.RegisterCount];

    public void Add(ulong keyHash)
    {
        if (keyHash == 0) return;
        ref var register = ref _registers[UserSketch.Place(keyHash, out var rank)];
        for (var seen = Volatile.Read(ref register); seen < rank;)
        {
            var before = Interlocked.CompareExchange(ref register, rank, seen);
            if (before == seen) return;
            seen = before;
        }
    }

    public UserSketch Snapshot() => new([.. _registers]);
}
