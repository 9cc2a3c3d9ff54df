namespace AgentCanary.Protocols.Http;

/// <summary>Judges an answer by its status and by how its bytes ended.</summary>
internal sealed class HttpAnswerReader(int status) : AnswerReader
{
    private bool _hasContent;

    public override bool IsUnsafe => false;

    internal override int KeptBytes => 0;

    public override bool Read(ReadOnlySpan<byte> bytes)
    {
        if (_hasContent || bytes.IsEmpty) return false;
        return _hasContent = true;
    }

    public override AnswerReading End(AnswerEnd end)
    {
        var outcomeClass = end switch
        {
            AnswerEnd.Broken => OutcomeClass.StreamBroken,
            AnswerEnd.TimedOut => OutcomeClass.Timeout,
            AnswerEnd.CallerLeft => OutcomeClass.CanceledByClient,
            _ => HttpStatus.ClassOf(status),
        };
        return new() { Class = outcomeClass, Seen = outcomeClass == OutcomeClass.Ok ? default : default(OutcomeSet).With(outcomeClass), HasContent = _hasContent };
    }
}
