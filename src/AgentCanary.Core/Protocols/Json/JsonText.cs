using System.Text;

namespace AgentCanary.Protocols.Json;

/// <summary>Reads one JSON string after its opening quote, unescaped, and keeps its beginning. Reused for one string after the other.</summary>
/// <param name="limit">The most bytes that are kept of a string.</param>
internal sealed class JsonText(int limit)
{
    private byte[] _kept = new byte[Math.Min(limit, 128)];
    private int _length;
    private int _room;
    private Escape _escape;
    private int _digits;
    private char _unit;
    private char _high;

    private enum Escape
    {
        None,
        Begun,
        Unicode,
    }

    /// <summary>Gets what is kept, as UTF-8.</summary>
    public ReadOnlySpan<byte> Bytes => _kept.AsSpan(0, _length);

    /// <summary>Gets whether the string was longer than what is kept.</summary>
    public bool IsCut { get; private set; }

    /// <summary>Gets the size of the buffer in bytes.</summary>
    public int KeptBytes => _kept.Length;

    /// <summary>Begins a string.</summary>
    /// <param name="keeps">Whether anything of it is wanted.</param>
    public void Begin(bool keeps)
    {
        (_length, _escape, _high, IsCut) = (0, Escape.None, default, false);
        _room = keeps ? limit : 0;
    }

    /// <summary>Keeps the bytes of a number or the like, that know no escapes.</summary>
    public void Append(ReadOnlySpan<byte> bytes)
    {
        var kept = Math.Min(bytes.Length, _room - _length);
        IsCut |= kept < bytes.Length;
        if (_length + kept > _kept.Length) Array.Resize(ref _kept, Math.Min(limit, Math.Max(_length + kept, 2 * _kept.Length)));
        bytes[..kept].CopyTo(_kept.AsSpan(_length));
        _length += kept;
    }

    /// <summary>Reads on.</summary>
    /// <returns>Whether the closing quote came; it is taken off too.</returns>
    public bool Read(ref ReadOnlySpan<byte> bytes)
    {
        while (!bytes.IsEmpty)
        {
            if (_escape != Escape.None)
            {
                ReadEscape(bytes[0]);
                bytes = bytes[1..];
                continue;
            }

            var end = bytes.IndexOfAny((byte)'"', (byte)'\\');
            var plain = end < 0 ? bytes : bytes[..end];
            if (!plain.IsEmpty) Flush();
            Append(plain);
            var isQuote = end >= 0 && bytes[end] == '"';
            bytes = end < 0 ? default : bytes[(end + 1)..];
            if (isQuote) return EndText();
            if (end >= 0) _escape = Escape.Begun;
        }

        return false;
    }

    private bool EndText()
    {
        Flush();
        return true;
    }

    private void ReadEscape(byte unit)
    {
        if (_escape == Escape.Begun && unit == 'u')
        {
            (_escape, _digits, _unit) = (Escape.Unicode, 0, default);
            return;
        }

        if (_escape == Escape.Begun)
        {
            _escape = Escape.None;
            Flush();
            Append([unit switch { (byte)'n' => (byte)'\n', (byte)'t' => (byte)'\t', (byte)'r' => (byte)'\r', (byte)'b' => (byte)'\b', (byte)'f' => (byte)'\f', _ => unit }]);
            return;
        }

        // What is no hexadecimal digit counts as 0: such a text is broken, and nothing hangs on what it says.
        var digit = unit switch { >= (byte)'0' and <= (byte)'9' => unit - '0', _ when char.IsAsciiHexDigit((char)unit) => (unit | 0x20) - 'a' + 10, _ => 0 };
        _unit = (char)(_unit << 4 | digit);
        if (++_digits < 4) return;
        _escape = Escape.None;
        AppendUnit(_unit);
    }

    private void AppendUnit(char unit)
    {
        if (char.IsLowSurrogate(unit) && _high != default)
        {
            AppendRune(new(_high, unit));
            _high = default;
            return;
        }

        Flush();
        if (char.IsHighSurrogate(unit)) _high = unit;
        else AppendRune(Rune.TryCreate(unit, out var rune) ? rune : Rune.ReplacementChar);
    }

    // Half a pair that nothing follows.
    private void Flush()
    {
        if (_high == default) return;
        _high = default;
        AppendRune(Rune.ReplacementChar);
    }

    private void AppendRune(Rune rune)
    {
        Span<byte> utf8 = stackalloc byte[4];
        Append(utf8[..rune.EncodeToUtf8(utf8)]);
    }
}
