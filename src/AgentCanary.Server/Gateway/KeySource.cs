using System.Collections.Immutable;

namespace AgentCanary.Server.Gateway;

/// <summary>Where a request's sticky key, or an attribute of its caller, stands.</summary>
/// <param name="Kind">Which part of the request.</param>
/// <param name="Name">The header's or cookie's name.</param>
/// <param name="Path">The JSON fields to go down through, outermost first.</param>
internal sealed record KeySource(KeySourceKind Kind, string Name, ImmutableArray<string> Path)
{
    /// <summary>Reads <c>header:NAME</c>, <c>cookie:NAME</c> or <c>body:$.a.b</c>; null where the text is neither.</summary>
    public static KeySource? TryParse(string text)
    {
        var colon = text.IndexOf(':', StringComparison.Ordinal);
        var (kind, name) = colon < 0 ? ("", text) : (text[..colon], text[(colon + 1)..]);
        return kind switch
        {
            "header" when name.Length > 0 => new(KeySourceKind.Header, name, []),
            "cookie" when name.Length > 0 => new(KeySourceKind.Cookie, name, []),
            "body" when name.StartsWith("$.", StringComparison.Ordinal) && name.Length > 2 => new(KeySourceKind.Body, name, [.. name[2..].Split('.')]),
            _ => null,
        };
    }
}
