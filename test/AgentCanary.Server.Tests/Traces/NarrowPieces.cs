namespace AgentCanary.Server.Traces;

/// <summary>Files on a disk that takes so many bytes, or that hangs until it is let go.</summary>
internal sealed class NarrowPieces(TraceOptions options, long capacity, ManualResetEventSlim? letGo = null) : TracePieces(options)
{
    private volatile bool _isHung;

    /// <summary>Gets whether a write waits to be let go.</summary>
    public bool IsHung => _isHung;

    protected override Stream Create(string path) => new NarrowStream(base.Create(path), capacity, Hang);

    private void Hang()
    {
        _isHung = letGo is not null;
        letGo?.Wait();
    }

    // A full disk takes the beginning of a write before it says so.
    private sealed class NarrowStream(Stream inner, long capacity, Action beforeWrite) : Stream
    {
        public override bool CanRead => false;

        public override bool CanSeek => true;

        public override bool CanWrite => true;

        public override long Length => inner.Length;

        public override long Position { get => inner.Position; set => inner.Position = value; }

        public override void Write(byte[] buffer, int offset, int count) => Write(buffer.AsSpan(offset, count));

        public override void Write(ReadOnlySpan<byte> buffer)
        {
            beforeWrite();
            var room = (int)Math.Min(buffer.Length, capacity - inner.Length);
            inner.Write(buffer[..room]);
            if (room < buffer.Length) throw new IOException("No space left on device");
        }

        public override void SetLength(long value) => inner.SetLength(value);

        public override void Flush() => inner.Flush();

        public override long Seek(long offset, SeekOrigin origin) => inner.Seek(offset, origin);

        public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

        protected override void Dispose(bool disposing)
        {
            if (disposing) inner.Dispose();
            base.Dispose(disposing);
        }
    }
}
