using System.Buffers.Binary;
using System.Collections.Immutable;
using System.Text;
using System.Text.Unicode;

namespace AgentCanary.Metrics;

/// <summary>Reads what <see cref="ByteWriter"/> wrote. A length is checked against what is left before anything is made of it, and a second
/// form of the same value is refused.</summary>
internal ref struct ByteReader
{
    private const long MaxCount = 1L << 53;
    private const int LastShift = 126; // two bits of the 19th group are left of 128

    private ReadOnlySpan<byte> _left;

    public ByteReader(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length <= sizeof(ulong)) throw Damaged("they end too early");
        if (BinaryPrimitives.ReadUInt64LittleEndian(bytes[^sizeof(ulong)..]) != ByteWriter.CheckSum(bytes[..^sizeof(ulong)]))
            throw Damaged("the check sum is wrong");
        _left = bytes[..^sizeof(ulong)];
    }

    public static InvalidDataException Damaged(string how) => new($"The window's bytes are damaged: {how}. Drop them and count anew.");

    public byte Byte() => Bytes(1)[0];

    public long Count() => Unsigned() is var value && value <= (UInt128)MaxCount ? (long)value : throw Damaged($"a count is {value}");

    public Int128 Wide()
    {
        var value = Unsigned();
        return (Int128)(value >> 1) ^ -(Int128)(value & 1);
    }

    public BucketCounts Buckets(int buckets)
    {
        var length = Length(buckets, 1);
        if (length == 0) return BucketCounts.Empty;
        var first = Count();
        if (first + length > buckets) throw Damaged($"buckets {first} to {first + length - 1} of {buckets}");
        Span<long> cells = stackalloc long[length];
        foreach (ref var cell in cells) cell = Count();
        return cells[0] != 0 && cells[^1] != 0 ? BucketCounts.Of(cells, (int)first)
            : throw Damaged("a row of buckets begins or ends with zero");
    }

    public LatencySnapshot Snapshot()
    {
        var counts = Buckets(LatencyBuckets.Count);
        var sum = Unsigned();
        return sum <= (UInt128)long.MaxValue ? new(counts, (long)sum) : throw Damaged($"a sum is {sum}");
    }

    public ImmutableArray<ScoreSum> Scores()
    {
        var scores = ImmutableArray.CreateBuilder<ScoreSum>(Length(int.MaxValue, 4));
        for (var i = scores.Capacity; i > 0; i--)
        {
            var name = Name();
            scores.Add(new(name, Count(), Wide(), Wide()));
            var isInOrder = scores.Count == 1 || string.CompareOrdinal(scores[^2].Name, name) < 0;
            if (scores[^1].Count == 0 || !isInOrder) throw Damaged($"score '{name}' is empty or out of order");
        }
        return scores.ToImmutable();
    }

    public UserSketch Sketch()
    {
        var registers = new byte[UserSketch.RegisterCount];
        var last = -1L;
        for (var i = Length(registers.Length, 2); i > 0; i--)
        {
            last += 1 + Count();
            var rank = Byte();
            if (last >= registers.Length || rank is 0 or > UserSketch.MaxRank)
                throw Damaged($"register {last} of {registers.Length} has rank {rank}");
            registers[last] = rank;
        }
        return new([.. registers]);
    }

    public readonly void End()
    {
        if (!_left.IsEmpty) throw Damaged($"{_left.Length} bytes are left over");
    }

    private string Name()
    {
        var bytes = Bytes(Length(int.MaxValue, 1));
        return Utf8.IsValid(bytes) ? Encoding.UTF8.GetString(bytes) : throw Damaged("the name of a score is not text");
    }

    /// <summary>Reads how many things follow, each of at least some bytes.</summary>
    private int Length(int most, int bytesEach) =>
        Count() is var length && length <= most && length * bytesEach <= _left.Length ? (int)length
            : throw Damaged($"{length} things in {_left.Length} bytes");

    private ReadOnlySpan<byte> Bytes(int length)
    {
        if (length > _left.Length) throw Damaged("they end too early");
        var bytes = _left[..length];
        _left = _left[length..];
        return bytes;
    }

    private UInt128 Unsigned()
    {
        UInt128 value = 0;
        for (var shift = 0; shift <= LastShift; shift += 7)
        {
            var group = Byte();
            if (shift == LastShift && group > 3) break;
            value |= (UInt128)(group & 0x7F) << shift;
            if (group < 0x80) return group == 0 && shift > 0 ? throw Damaged("a number is longer than it needs to be") : value;
        }
        throw Damaged("a number is too long");
    }
}
