namespace AgentCanary.Protocols.Packed;

/// <summary>The bytes of an answer that have come and were not unpacked yet. It ends where they end, and goes on when more come.</summary>
internal sealed class PassingStream : Stream
{
    private byte[] _bytes = [];
    private int _at;
    private int _length;

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => false;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    /// <summary>Takes what came, of which all was read that came before.</summary>
    public void Take(ReadOnlySpan<byte> bytes)
    {
        if (_bytes.Length < bytes.Length) _bytes = new byte[bytes.Length];
        bytes.CopyTo(_bytes);
        (_at, _length) = (0, bytes.Length);
    }

    public override int Read(Span<byte> buffer)
    {
        var taken = Math.Min(buffer.Length, _length - _at);
        _bytes.AsSpan(_at, taken).CopyTo(buffer);
        _at += taken;
        return taken;
    }

    public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

    public override void Flush()
    {
    }

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
}
