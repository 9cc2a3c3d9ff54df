using System.Security.Cryptography;

namespace AgentCanary.Server.Gateway;

/// <summary>HMAC-SHA256 under one key. Thread-safe; keeps a prepared hash per core, for setting the key up anew costs as much as the hash itself.</summary>
internal sealed class KeyedHash(byte[] key)
{
    private readonly IncrementalHash?[] _spare = new IncrementalHash?[Environment.ProcessorCount];

    public void Compute(ReadOnlySpan<byte> payload, Span<byte> digest)
    {
        ref var spare = ref _spare[Thread.GetCurrentProcessorId() % _spare.Length];
        var hash = Interlocked.Exchange(ref spare, null) ?? IncrementalHash.CreateHMAC(HashAlgorithmName.SHA256, key);
        hash.AppendData(payload);
        hash.TryGetHashAndReset(digest, out _);
        // Another thread may have put its own back meanwhile: one of the two is enough.
        Interlocked.Exchange(ref spare, hash)?.Dispose();
    }
}
