using AgentCanary.Control;

namespace AgentCanary.Storage.Sqlite;

/// <summary>A row of <c>evidence</c>.</summary>
internal sealed record EvidenceRecord(string Agent, long Attempt, byte[] Bytes, string Digest)
{
    public bool IsWhole => Digest == StoredRollouts.DigestOf(Agent, Attempt, Bytes);

    public EvidenceRow ToRow() => IsWhole ? new(Agent, (int)Attempt, Bytes)
        : throw new FormatException($"the evidence of '{Agent}' is not what was written.");
}
