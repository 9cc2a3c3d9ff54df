using System.Collections.Immutable;

namespace AgentCanary.Protocols.Auto;

/// <summary>Keeps the first bytes of an answer until a protocol knows its mark in them; what none knows is plain HTTP.</summary>
internal sealed class RecognizingReader(ImmutableArray<AgentProtocol> known, CallHead call, AnswerHead answer) : AnswerReader
{
    /// <summary>How far into an answer a mark is looked for, in bytes.</summary>
    public const int MaxPrefix = 4096;

    private byte[] _prefix = [];
    private int _length;
    private AnswerReader? _reader;

    public override bool IsUnsafe => _reader?.IsUnsafe ?? false;

    public override bool HasFailed => _reader?.HasFailed ?? false;

    public override ImmutableArray<MintedId> Ids => _reader?.Ids ?? [];

    internal override int KeptBytes => _prefix.Length + (_reader?.KeptBytes ?? 0);

    public override bool Read(ReadOnlySpan<byte> bytes)
    {
        if (_reader is not null) return _reader.Read(bytes);
        var isFirst = _length == 0 && !bytes.IsEmpty;
        var rest = bytes[Keep(bytes)..];
        // Until it is recognised an answer is plain HTTP, whose content begins with its first byte.
        if (Recognize() is not { } protocol) return isFirst;
        var begins = Open(protocol, rest);
        return protocol == AgentProtocol.Http ? isFirst : begins;
    }

    public override AnswerReading End(AnswerEnd end)
    {
        if (_reader is null) Open(AgentProtocol.Http, []);
        return _reader!.End(end);
    }

    private int Keep(ReadOnlySpan<byte> bytes)
    {
        var taken = Math.Min(bytes.Length, MaxPrefix - _length);
        if (_length + taken > _prefix.Length) Array.Resize(ref _prefix, Math.Min(MaxPrefix, Math.Max(512, 2 * (_length + taken))));
        bytes[..taken].CopyTo(_prefix.AsSpan(_length));
        _length += taken;
        return taken;
    }

    // The mark that ends first wins, so that bytes that come at once and one by one are recognised as the same.
    private AgentProtocol? Recognize()
    {
        var (end, found) = (int.MaxValue, default(AgentProtocol));
        foreach (var protocol in known)
            if (protocol.FindMark(_prefix.AsSpan(0, _length)) is >= 0 and var at && at < end) (end, found) = (at, protocol);
        return found ?? (_length == MaxPrefix ? AgentProtocol.Http : null);
    }

    private bool Open(AgentProtocol protocol, ReadOnlySpan<byte> rest)
    {
        _reader = protocol.OpenRecognized(call, answer);
        var begins = _reader.Read(_prefix.AsSpan(0, _length)) | _reader.Read(rest);
        (_prefix, _length) = ([], 0);
        return begins;
    }
}
