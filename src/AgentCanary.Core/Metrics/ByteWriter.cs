using System.Buffers;
using System.Buffers.Binary;
using System.Collections.Immutable;
using System.Text;

namespace AgentCanary.Metrics;

/// <summary>Writes figures in seven-bit groups, low ones first, and a check sum after them.</summary>
internal sealed class ByteWriter
{
    private readonly ArrayBufferWriter<byte> _bytes = new();

    public void Byte(byte value) => _bytes.Write([value]);

    public void Count(long value) => Wide((UInt128)value);

    /// <summary>Writes a signed number: 0, −1, 1, −2 … become 0, 1, 2, 3 …</summary>
    public void Wide(Int128 value) => Wide((UInt128)((value << 1) ^ (value >> 127)));

    public void Buckets(BucketCounts counts)
    {
        Count(counts.Counts.Length);
        if (counts.Counts.IsEmpty) return;
        Count(counts.First);
        foreach (var count in counts.Counts) Count(count);
    }

    public void Snapshot(LatencySnapshot snapshot)
    {
        Buckets(snapshot.Counts);
        Count(snapshot.Sum);
    }

    public void Scores(ImmutableArray<ScoreSum> scores)
    {
        Count(scores.Length);
        foreach (var score in scores)
        {
            var name = Encoding.UTF8.GetBytes(score.Name);
            Count(name.Length);
            _bytes.Write(name);
            Count(score.Count);
            Wide(score.Sum);
            Wide(score.Squares);
        }
    }

    /// <summary>Writes the registers that are not zero, each as its distance from the one before and its rank.</summary>
    public void Sketch(UserSketch sketch)
    {
        Count(sketch.Registers.Count(rank => rank > 0));
        var last = -1;
        for (var i = 0; i < sketch.Registers.Length; i++)
        {
            if (sketch.Registers[i] == 0) continue;
            Count(i - last - 1);
            Byte(sketch.Registers[i]);
            last = i;
        }
    }

    public byte[] Sealed()
    {
        Span<byte> sum = stackalloc byte[sizeof(ulong)];
        BinaryPrimitives.WriteUInt64LittleEndian(sum, CheckSum(_bytes.WrittenSpan));
        _bytes.Write(sum);
        return _bytes.WrittenSpan.ToArray();
    }

    /// <summary>FNV-1a of 64 bits: it finds damage, it does not keep anybody out.</summary>
    public static ulong CheckSum(ReadOnlySpan<byte> bytes)
    {
        var sum = 14695981039346656037UL;
        foreach (var value in bytes) sum = (sum ^ value) * 1099511628211UL;
        return sum;
    }

    private void Wide(UInt128 value)
    {
        for (; value > 0x7F; value >>= 7) Byte((byte)((byte)value | 0x80));
        Byte((byte)value);
    }
}
