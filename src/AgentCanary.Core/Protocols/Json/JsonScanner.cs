using System.Buffers;

namespace AgentCanary.Protocols.Json;

/// <summary>
/// Reads a JSON text (RFC 8259) in spans of any size and stops at each watched value. What nobody watches is skipped without being kept, and
/// is not checked: this finds values, it does not validate. Reused for one text after the other.
/// </summary>
/// <param name="shape">What is watched.</param>
/// <param name="maxText">The most bytes that are kept of a string or a name.</param>
internal sealed class JsonScanner(JsonShape shape, int maxText = 256)
{
    private static readonly SearchValues<byte> Marks = SearchValues.Create("\"{}[]"u8);
    private static readonly SearchValues<byte> NumberBytes = SearchValues.Create("+-.0123456789Ee"u8);

    private readonly JsonText _text = new(maxText);
    private readonly (JsonPlace Node, bool IsArray)[] _open = new (JsonPlace, bool)[shape.Depth + 1];
    private State _state;
    private JsonPlace? _node = shape.Root;
    private int _depth;
    private int _skipped;
    private bool _inString;
    private JsonKind _literal;
    private int _literalLength;

    private enum State
    {
        Value,
        FirstItem,
        FirstName,
        Name,
        InName,
        Colon,
        AfterValue,
        StringBegin,
        InString,
        InNumber,
        InLiteral,
        Skipping,
        Done,
        Malformed,
    }

    /// <summary>Gets the number of the watched place of the value that was found.</summary>
    public int Field { get; private set; }

    /// <summary>Gets what was found.</summary>
    public JsonKind Kind { get; private set; }

    /// <summary>Gets the string or the number that was found.</summary>
    public ReadOnlySpan<byte> Text => Kind is JsonKind.String or JsonKind.Number ? _text.Bytes : default;

    /// <summary>Gets whether <see cref="Text"/> is only the beginning of the string.</summary>
    public bool IsCut => _text.IsCut;

    /// <summary>Gets whether the text is whole.</summary>
    public bool IsWhole => _state == State.Done || _depth == 0 && _state == State.InNumber;

    /// <summary>Gets whether the bytes cannot be JSON.</summary>
    public bool IsMalformed => _state == State.Malformed;

    /// <summary>Gets the size of the buffers in bytes.</summary>
    public int KeptBytes => _text.KeptBytes + 16 * _open.Length;

    /// <summary>Makes ready for another text.</summary>
    public void Reset() => (_state, _node, _depth, _skipped, _inString) = (State.Value, shape.Root, 0, 0, false);

    /// <summary>Goes on to the next watched value.</summary>
    /// <param name="bytes">The bytes that came; what was used of them is cut off.</param>
    /// <returns>Whether there was one; if not, all bytes were used.</returns>
    public bool Next(ref ReadOnlySpan<byte> bytes)
    {
        while (!bytes.IsEmpty)
            if (Step(ref bytes)) return true;
        return false;
    }

    private bool Step(ref ReadOnlySpan<byte> bytes)
    {
        switch (_state)
        {
            case State.Skipping: return Skip(ref bytes);
            case State.StringBegin: return BeginString(bytes[0]);
            case State.InString: return _text.Read(ref bytes) && EndValue(JsonKind.String);
            case State.InName: return _text.Read(ref bytes) && EndName();
            case State.InNumber: return ReadNumber(ref bytes);
            case State.InLiteral: return ReadLiteral(ref bytes);
            case State.Malformed: return Drop(ref bytes);
        }

        var unit = bytes[0];
        bytes = bytes[1..];
        if (unit is (byte)' ' or (byte)'\n' or (byte)'\r' or (byte)'\t') return false;
        return _state switch
        {
            State.Value => BeginValue(unit),
            State.FirstItem => unit == ']' ? Close() : BeginValue(unit),
            State.FirstName => unit == '}' ? Close() : BeginName(unit),
            State.Name => BeginName(unit),
            State.Colon => Go(unit == ':' ? State.Value : State.Malformed),
            State.AfterValue => Separate(unit),
            _ => Go(State.Malformed), // something stands behind the end
        };
    }

    private bool BeginValue(byte unit)
    {
        switch (unit)
        {
            case (byte)'{': return BeginContainer(isArray: false);
            case (byte)'[': return BeginContainer(isArray: true);
            case (byte)'"':
                _text.Begin(IsWatched);
                return Go(State.StringBegin);
            case (byte)'t': return BeginLiteral(JsonKind.True);
            case (byte)'f': return BeginLiteral(JsonKind.False);
            case (byte)'n': return BeginLiteral(JsonKind.Null);
            case (byte)'-' or >= (byte)'0' and <= (byte)'9':
                _text.Begin(IsWatched);
                _text.Append([unit]);
                return Go(State.InNumber);
            default: return Go(State.Malformed);
        }
    }

    private bool IsWatched => _node is { Field: >= 0 };

    private bool BeginContainer(bool isArray)
    {
        var node = _node;
        if (isArray ? node?.Items is not null : node is { HasFields: true })
        {
            _open[_depth++] = (node!, isArray);
            if (isArray) _node = node!.Items;
            _state = isArray ? State.FirstItem : State.FirstName;
        }
        else
        {
            (_skipped, _inString, _state) = (1, false, State.Skipping);
        }

        return node is { Field: >= 0 } && Report(node.Field, isArray ? JsonKind.Array : JsonKind.Object);
    }

    // Only what opens, closes or quotes matters in a value that nobody looks into.
    private bool Skip(ref ReadOnlySpan<byte> bytes)
    {
        if (_inString)
        {
            _inString = !_text.Read(ref bytes);
            return false;
        }

        var at = bytes.IndexOfAny(Marks);
        var unit = at < 0 ? default : bytes[at];
        bytes = at < 0 ? default : bytes[(at + 1)..];
        if (unit == '"')
        {
            _text.Begin(keeps: false);
            _inString = true;
        }
        else if (unit is (byte)'{' or (byte)'[') _skipped++;
        else if (unit is (byte)'}' or (byte)']' && --_skipped == 0) AfterValue();
        return false;
    }

    private bool BeginString(byte first)
    {
        _state = State.InString;
        return IsWatched && first != '"' && Report(_node!.Field, JsonKind.StringBegun);
    }

    private bool BeginName(byte unit)
    {
        if (unit != '"') return Go(State.Malformed);
        _text.Begin(keeps: true);
        return Go(State.InName);
    }

    private bool EndName()
    {
        _node = _text.IsCut ? null : _open[_depth - 1].Node.Find(_text.Bytes);
        return Go(State.Colon);
    }

    private bool ReadNumber(ref ReadOnlySpan<byte> bytes)
    {
        var end = bytes.IndexOfAnyExcept(NumberBytes);
        _text.Append(end < 0 ? bytes : bytes[..end]);
        bytes = end < 0 ? default : bytes[end..];
        return end >= 0 && EndValue(JsonKind.Number);
    }

    private bool BeginLiteral(JsonKind kind)
    {
        (_literal, _literalLength) = (kind, 1);
        return Go(State.InLiteral);
    }

    private bool ReadLiteral(ref ReadOnlySpan<byte> bytes)
    {
        var letters = _literal switch { JsonKind.True => "true"u8, JsonKind.False => "false"u8, _ => "null"u8 };
        var isRight = bytes[0] == letters[_literalLength++];
        bytes = bytes[1..];
        if (!isRight) return Go(State.Malformed);
        return _literalLength == letters.Length && EndValue(_literal);
    }

    private bool Separate(byte unit)
    {
        var (node, isArray) = _open[_depth - 1];
        if (unit == (isArray ? ']' : '}')) return Close();
        if (unit != ',') return Go(State.Malformed);
        if (isArray) _node = node.Items;
        return Go(isArray ? State.Value : State.Name);
    }

    private bool Close()
    {
        _depth--;
        AfterValue();
        return false;
    }

    private bool EndValue(JsonKind kind)
    {
        var node = _node;
        AfterValue();
        return node is { Field: >= 0 } && Report(node.Field, kind);
    }

    private void AfterValue() => _state = _depth == 0 ? State.Done : State.AfterValue;

    private bool Report(int field, JsonKind kind)
    {
        (Field, Kind) = (field, kind);
        return true;
    }

    private bool Go(State state)
    {
        _state = state;
        return false;
    }

    private static bool Drop(ref ReadOnlySpan<byte> bytes)
    {
        bytes = default;
        return false;
    }
}
