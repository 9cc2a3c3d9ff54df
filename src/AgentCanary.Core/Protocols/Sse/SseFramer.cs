namespace AgentCanary.Protocols.Sse;

/// <summary>
/// Cuts a stream of server-sent events (WHATWG HTML, section 9.2) into its events as the bytes come. Data is handed on and never kept.
/// Lines end with LF, CR or CRLF; comments and unknown fields are skipped.
/// </summary>
internal sealed class SseFramer
{
    /// <summary>The longest event name that is kept, in bytes; the rest of a longer one is left out.</summary>
    public const int MaxName = 64;

    // Room for a byte order mark, the longest field name that counts, and one byte more to tell a longer one apart.
    private readonly byte[] _field = new byte[3 + 5 + 1];
    private readonly byte[] _name = new byte[MaxName];
    private int _fieldLength;
    private int _nameLength;
    private Line _line;
    private bool _isFirstLine = true;
    private bool _afterReturn;
    private bool _hasText;
    private bool _joins;
    private bool _hasEnded;

    private enum Line
    {
        Field,
        Colon,
        Text,
        Name,
        Skipped,
    }

    /// <summary>Gets the name of the event under way, or of the one that just ended; empty where it has none.</summary>
    public ReadOnlySpan<byte> Name => _name.AsSpan(0, _nameLength);

    private ReadOnlySpan<byte> Field
    {
        get
        {
            ReadOnlySpan<byte> name = _field.AsSpan(0, _fieldLength);
            return _isFirstLine && name.StartsWith("\uFEFF"u8) ? name[3..] : name;
        }
    }

    /// <summary>Goes on to the next part.</summary>
    /// <param name="bytes">The bytes that came; what was used of them is cut off.</param>
    /// <param name="text">Where the answer is <see cref="SsePart.Text"/>, the bytes of the data.</param>
    public SsePart Next(ref ReadOnlySpan<byte> bytes, out ReadOnlySpan<byte> text)
    {
        text = default;
        while (!bytes.IsEmpty)
        {
            if (_hasEnded) (_hasEnded, _nameLength) = (false, 0);
            if (_joins)
            {
                _joins = false;
                text = "\n"u8; // the lines of one event's data are one text
                return SsePart.Text;
            }

            var line = _line;
            if (line is Line.Colon) EnterValue(ref bytes);
            else if (line is Line.Field)
            {
                if (ReadField(ref bytes)) return SsePart.End;
            }
            else
            {
                var rest = TakeLine(ref bytes);
                if (line is Line.Name) KeepName(rest);
                if (line is not Line.Text || rest.IsEmpty) continue;
                text = rest;
                return SsePart.Text;
            }
        }

        return SsePart.None;
    }

    /// <summary>Ends the stream.</summary>
    /// <returns>Whether an event was under way: its blank line is missing, which not every server sends at the very end.</returns>
    public bool End()
    {
        var wasUnderWay = _hasText;
        _hasText = false;
        return wasUnderWay;
    }

    // Takes one byte of a line's beginning. True where it ends an event.
    private bool ReadField(ref ReadOnlySpan<byte> bytes)
    {
        var unit = bytes[0];
        bytes = bytes[1..];
        var isRestOfEnd = _afterReturn && unit == '\n';
        _afterReturn = false;
        if (isRestOfEnd) return false;
        if (unit is (byte)'\r' or (byte)'\n') return EndField(unit);
        if (unit == ':') _line = Line.Colon;
        else if (_fieldLength < _field.Length) _field[_fieldLength++] = unit;
        return false;
    }

    // A line without a colon: a blank one ends the event, else it is a field without a value.
    private bool EndField(byte unit)
    {
        var isBlank = Field.IsEmpty;
        if (!isBlank) Enter();
        EndLine(unit);
        if (!isBlank) return false;
        (_hasEnded, var hadText) = (true, _hasText);
        _hasText = false;
        return hadText;
    }

    private void EnterValue(ref ReadOnlySpan<byte> bytes)
    {
        Enter();
        if (bytes[0] == ' ') bytes = bytes[1..];
    }

    private void Enter()
    {
        _line = Field.SequenceEqual("data"u8) ? Line.Text : Field.SequenceEqual("event"u8) ? Line.Name : Line.Skipped;
        if (_line is Line.Name) _nameLength = 0;
        if (_line is not Line.Text) return;
        _joins = _hasText;
        _hasText = true;
    }

    private ReadOnlySpan<byte> TakeLine(ref ReadOnlySpan<byte> bytes)
    {
        var end = bytes.IndexOfAny((byte)'\r', (byte)'\n');
        var rest = end < 0 ? bytes : bytes[..end];
        if (end >= 0) EndLine(bytes[end]);
        bytes = end < 0 ? default : bytes[(end + 1)..];
        return rest;
    }

    private void EndLine(byte unit) => (_line, _fieldLength, _isFirstLine, _afterReturn) = (Line.Field, 0, false, unit == '\r');

    private void KeepName(ReadOnlySpan<byte> bytes)
    {
        var kept = Math.Min(bytes.Length, MaxName - _nameLength);
        bytes[..kept].CopyTo(_name.AsSpan(_nameLength));
        _nameLength += kept;
    }
}
