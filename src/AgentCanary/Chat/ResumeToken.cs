using System.Text;
using Microsoft.Extensions.AI;

namespace AgentCanary.Chat;

/// <summary>
/// A version's continuation token with the version before it, so that an answer in the background is fetched from who works on it, by any process. Its bytes are a mark, the
/// stage's mark, the length of the version's name, the name, and the bytes of the version's own token.
/// </summary>
internal sealed class ResumeToken(string version, byte began, ResponseContinuationToken inner) : ResponseContinuationToken
{
    private const int Fixed = 3;

    public string Version => version;

    public byte Began => began;

    public ResponseContinuationToken Inner => inner;

    private static ReadOnlySpan<byte> Mark => "agentcanary/1\n"u8;

    /// <summary>Wraps a token; null stays null, and one that is wrapped stays as it is. A version whose name has more than 65,535 bytes is not carried.</summary>
    public static ResponseContinuationToken? Wrap(ResponseContinuationToken? token, string version, byte began) =>
        token is null or ResumeToken || Encoding.UTF8.GetByteCount(version) > ushort.MaxValue ? token : new ResumeToken(version, began, token);

    /// <summary>Finds ours in a token that a caller hands back, or in the bytes that it was kept as; null where it is not ours.</summary>
    public static ResumeToken? Find(ResponseContinuationToken? token)
    {
        if (token is null or ResumeToken) return token as ResumeToken;
        var bytes = token.ToBytes();
        if (!bytes.Span.StartsWith(Mark) || bytes.Length < Mark.Length + Fixed) return null;
        var rest = bytes[Mark.Length..];
        var length = rest.Span[1] << 8 | rest.Span[2];
        return rest.Length < Fixed + length ? null
            : new(Encoding.UTF8.GetString(rest.Span.Slice(Fixed, length)), rest.Span[0], FromBytes(rest[(Fixed + length)..]));
    }

    public override ReadOnlyMemory<byte> ToBytes()
    {
        var name = Encoding.UTF8.GetBytes(version);
        return (byte[])[.. Mark, began, (byte)(name.Length >> 8), (byte)name.Length, .. name, .. inner.ToBytes().Span];
    }
}
