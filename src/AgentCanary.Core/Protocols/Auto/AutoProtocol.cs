using System.Collections.Immutable;

namespace AgentCanary.Protocols.Auto;

/// <summary>Recognises each call's protocol: by route and headers first, then by the first bytes of the answer.</summary>
internal sealed class AutoProtocol(ImmutableArray<AgentProtocol> known) : AgentProtocol
{
    public override string Name => "auto";

    public override bool NamesIds => false;

    public override AgentProtocol Of(in CallHead call)
    {
        foreach (var protocol in known)
            if (protocol.Recognizes(call)) return protocol;
        return this;
    }

    public override bool Recognizes(in CallHead call) => false;

    public override RequestReading ReadRequest(in CallHead call, ReadOnlySpan<byte> body) => default;

    private protected override AnswerReader OpenBody(in CallHead call, in AnswerHead answer) =>
        answer.HasAnswer && (answer.IsJson || answer.IsEventStream) ? new RecognizingReader(known, call, answer) : Http.OpenRecognized(call, answer);
}
