using System.Buffers;

namespace AgentCanary.Server.Gateway;

/// <summary>A copy of stable's answer, made while it passes, for the comparison with a shadow's. Bounded. One call's, used by one thread at a time.</summary>
internal sealed class AnswerCopy
{
    private ArrayBufferWriter<byte>? _bytes = new();

    /// <summary>Gets the bytes; null where there were too many, or where they are encoded.</summary>
    public ReadOnlyMemory<byte>? Bytes => _bytes?.WrittenMemory;

    /// <summary>Adds what passes.</summary>
    public void Add(ReadOnlySpan<byte> bytes)
    {
        if (_bytes is null) return;
        if (_bytes.WrittenCount + bytes.Length > ShadowGate.MostBytes) GiveUp();
        else _bytes.Write(bytes);
    }

    /// <summary>Lets go of what was copied.</summary>
    public void GiveUp() => _bytes = null;
}
