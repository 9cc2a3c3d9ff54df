using System.Collections.Immutable;

namespace AgentCanary.Protocols.Auto;

/// <summary>Recognises each call's protocol: by route and headers first, then by the first bytes of the answer.</summary>
internal sealed class AutoProtocol(ImmutableArray<AgentProtocol> known) : AgentProtocol
{
    public override string Name => "auto";

    public override AgentProtocol Of(in CallHead call)
    {
        foreach (var protocol in known)
            if (protocol.Recognizes(call)) return protocol;
        return this;
    }

    public override bool Recognizes(in CallHead call) => false;

    public override bool HasKeyInBody(in CallHead call) => call.IsJsonPost;

    public override bool MayHaveKey(in CallHead call)
    {
        foreach (var protocol in known)
            if (protocol.MayBe(call)) return true;
        return false;
    }

    /// <summary>
    /// Reads a request by the protocol that knows it by its body. Of any other only what it names is read, as the first protocol that finds something reads it; it has no
    /// key: what is named may be anything.
    /// </summary>
    public override RequestReading ReadRequest(in CallHead call, ReadOnlySpan<byte> body)
    {
        foreach (var protocol in known)
            if (protocol.MayBe(call) && protocol.RecognizesBody(body)) return protocol.ReadRequest(call, body) with { Protocol = protocol };
        foreach (var protocol in known)
            if (protocol.NamesIds && protocol.ReadRequest(call, body) is { Ids.IsEmpty: false } reading) return reading with { Key = null };
        return default;
    }

    private protected override AnswerReader OpenBody(in CallHead call, in AnswerHead answer) =>
        answer.HasAnswer && (answer.IsJson || answer.IsEventStream) ? new RecognizingReader(known, call, answer) : Http.OpenRecognized(call, answer);
}
