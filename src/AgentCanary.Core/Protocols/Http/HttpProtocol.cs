namespace AgentCanary.Protocols.Http;

/// <summary>Any HTTP: the status says what an answer means, and content begins with the body's first byte.</summary>
internal sealed class HttpProtocol : AgentProtocol
{
    public override string Name => "http";

    public override bool NamesIds => false;

    public override bool Recognizes(in CallHead call) => false;

    public override RequestReading ReadRequest(in CallHead call, ReadOnlySpan<byte> body) => default;

    private protected override AnswerReader OpenBody(in CallHead call, in AnswerHead answer) => new HttpAnswerReader(answer.Status);
}
