using System.Collections.Immutable;
using AgentCanary.Protocols;
using Microsoft.Extensions.Logging;

namespace AgentCanary.Server.Gateway;

/// <summary>An answer as its protocol reads it while it passes, and the moment in which its content began. One call's, used by one thread at a time.</summary>
internal sealed class WatchedAnswer(AgentProtocol protocol, CallHead call, AnswerHead answer, TimeProvider time, ILogger log)
{
    private AnswerReader _reader = protocol.Open(call, answer);
    private long? _contentAt;
    private (AnswerReading Reading, long? ContentAt)? _end;

    /// <summary>Gets whether a safety violation was seen.</summary>
    public bool IsUnsafe => _reader.IsUnsafe;

    /// <summary>Gets whether content has begun.</summary>
    public bool HasContent => _contentAt is not null;

    /// <summary>Gets whether the agent has told of an error.</summary>
    public bool HasFailed => _reader.HasFailed;

    /// <summary>Gets the ids that the agent has made so far, in the order in which they came.</summary>
    public ImmutableArray<MintedId> Ids => _reader.Ids;

    /// <summary>Reads what passes.</summary>
    public void Read(ReadOnlySpan<byte> bytes)
    {
        try
        {
            if (_reader.Read(bytes)) _contentAt = time.GetTimestamp();
        }
        catch (Exception fault)
        {
            GiveUp(fault);
        }
    }

    /// <summary>Ends the reading, the first time that it is called.</summary>
    /// <returns>What was read, and when content began, or null.</returns>
    public (AnswerReading Reading, long? ContentAt) End(AnswerEnd end) => _end ??= Read(end);

    private (AnswerReading Reading, long? ContentAt) Read(AnswerEnd end)
    {
        AnswerReading reading;
        try
        {
            reading = _reader.End(end);
        }
        catch (Exception fault)
        {
            GiveUp(fault);
            reading = _reader.End(end);
        }

        return (reading, reading.HasContent ? _contentAt : null);
    }

    // What cannot be read the user gets all the same, and its status judges it.
    private void GiveUp(Exception fault)
    {
        log.ReadingFailed(fault, protocol.Name);
        _reader = AgentProtocol.Http.Open(call, answer);
    }
}
