namespace AgentCanary.Server.Traces;

/// <summary>
/// The files of a recording: the one that is written, and before it the pieces that were full, <c>x.1.ndjson</c> the newest of them. What an earlier run left
/// becomes a piece too. Only whole writes are kept. One caller at a time.
/// </summary>
internal class TracePieces(TraceOptions options) : IDisposable
{
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    private Stream? _stream;
    private long _length;

    /// <summary>Begins the recording.</summary>
    /// <exception cref="IOException">The file cannot be made.</exception>
    /// <exception cref="UnauthorizedAccessException">Nor may it be.</exception>
    public void Begin()
    {
        for (var piece = options.Pieces - 1; piece > 0; piece--)
        {
            if (File.Exists(NameOf(piece - 1))) File.Move(NameOf(piece - 1), NameOf(piece), overwrite: true);
        }
        if (options.Pieces == 1) File.Delete(options.Path);
        (_stream, _length) = (Create(options.Path), 0);
    }

    /// <summary>Writes whole lines.</summary>
    /// <exception cref="IOException">They could not be written, the disk being full for example; the file ends with the line before them.</exception>
    public void Write(ReadOnlySpan<byte> lines)
    {
        if (_length > 0 && _length + lines.Length > options.MostBytes)
        {
            _stream!.Dispose();
            Begin();
        }
        try
        {
            _stream!.Write(lines);
            _length += lines.Length;
        }
        catch (IOException)
        {
            _stream!.SetLength(_length);
            throw;
        }
    }

    public void Dispose() => _stream?.Dispose();

    /// <summary>Makes a file that only its owner may read.</summary>
    protected virtual Stream Create(string path)
    {
        var terms = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write, Share = FileShare.Read | FileShare.Delete, BufferSize = 0 };
        if (!OperatingSystem.IsWindows()) terms.UnixCreateMode = OwnerOnly;
        return new FileStream(path, terms);
    }

    private string NameOf(int piece) => piece == 0 ? options.Path : Path.ChangeExtension(options.Path, $".{piece}{Path.GetExtension(options.Path)}");
}
