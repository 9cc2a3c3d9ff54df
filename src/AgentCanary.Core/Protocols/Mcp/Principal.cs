using System.Buffers;
using System.Buffers.Text;
using System.Text;
using AgentCanary.Protocols.Json;

namespace AgentCanary.Protocols.Mcp;

/// <summary>
/// Who calls, as far as the header fields tell: the subject of a JSON Web Token (RFC 7519), else the credential itself. Nothing is verified,
/// for nothing is allowed by it: it only keeps the calls of one caller together.
/// </summary>
internal static class Principal
{
    private static readonly JsonShape Claims = new JsonShape().Watch(0, "sub");

    /// <summary>Finds the caller; null where neither <c>Authorization</c> nor <c>X-Api-Key</c> is there.</summary>
    public static string? Of(IHeaderFields headers)
    {
        if (headers.Find("authorization") is { Length: > 0 } credential) return SubjectOf(credential) ?? credential;
        return headers.Find("x-api-key") is { Length: > 0 } key ? key : null;
    }

    private static string? SubjectOf(string credential)
    {
        var (begin, end) = (credential.IndexOf('.', StringComparison.Ordinal) + 1, credential.LastIndexOf('.'));
        if (begin <= 0 || end <= begin) return null;
        var claims = new byte[Base64Url.GetMaxDecodedLength(end - begin)];
        var status = Base64Url.DecodeFromChars(credential.AsSpan(begin, end - begin), claims, out _, out var length);
        return status == OperationStatus.Done ? SubjectIn(claims.AsSpan(0, length)) : null;
    }

    private static string? SubjectIn(ReadOnlySpan<byte> claims)
    {
        var json = new JsonScanner(Claims, AgentProtocol.MaxKey);
        while (json.Next(ref claims))
            if (json is { Kind: JsonKind.String, Text.IsEmpty: false }) return Encoding.UTF8.GetString(json.Text);
        return null;
    }
}
