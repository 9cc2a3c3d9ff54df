using System.Collections.Immutable;
using AgentCanary.Protocols.Http;

namespace AgentCanary.Protocols.Packed;

/// <summary>
/// Unpacks a copy of a compressed answer as it passes, and has it read. What cannot be unpacked, or grows beyond all measure, is judged by its status.
/// </summary>
/// <param name="reader">Reads what was unpacked.</param>
/// <param name="unpacking">Unpacks; its memory is given back at the end.</param>
/// <param name="status">The answer's status.</param>
internal sealed class UnpackingReader(AnswerReader reader, Unpacking unpacking, int status) : AnswerReader
{
    /// <summary>The most bytes that may come out of one that went in, besides <see cref="Allowance"/>: text packs well, but not so well.</summary>
    internal const int MaxGrowth = 100;

    private const int Allowance = 64 << 10;
    private const int Piece = 4 << 10;

    // The window and the tables of inflate, and the buffer of its stream.
    private const int InflateBytes = 44 << 10;

    private readonly HttpAnswerReader _plain = new(status);
    private AnswerReader _reader = reader;
    private long _left = Allowance;
    private bool _hasBegun;

    public override bool IsUnsafe => _reader.IsUnsafe;

    public override bool HasFailed => _reader.HasFailed;

    public override ImmutableArray<MintedId> Ids => _reader.Ids;

    internal override int KeptBytes => _reader.KeptBytes + Piece + (_reader == _plain ? 0 : InflateBytes);

    public override bool Read(ReadOnlySpan<byte> bytes)
    {
        var begins = false;
        for (var rest = bytes; !rest.IsEmpty && _reader != _plain;)
        {
            var piece = rest[..Math.Min(Piece, rest.Length)];
            rest = rest[piece.Length..];
            begins |= Unpack(piece);
        }

        // What turns out not to be readable is plain HTTP, whose content has begun by then. Before, packed bytes are none: an error may be in them.
        if (_reader == _plain) begins |= _plain.Read(bytes) && !_hasBegun;
        _hasBegun |= begins;
        return begins;
    }

    public override AnswerReading End(AnswerEnd end)
    {
        unpacking.Dispose();
        return _reader.End(end);
    }

    private bool Unpack(ReadOnlySpan<byte> piece)
    {
        unpacking.Take(piece);
        _left += (long)MaxGrowth * piece.Length;
        Span<byte> buffer = stackalloc byte[Piece];
        var begins = false;
        try
        {
            while (unpacking.Read(buffer) is > 0 and var length)
            {
                begins |= _reader.Read(buffer[..length]);
                if ((_left -= length) >= 0) continue;
                GiveUp();
                break;
            }
        }
        catch (InvalidDataException)
        {
            GiveUp();
        }

        return begins;
    }

    private void GiveUp()
    {
        unpacking.Dispose();
        _reader = _plain;
    }
}
