using System.Collections.Immutable;
using Microsoft.AspNetCore.Http;

namespace AgentCanary.Server.Gateway;

/// <summary>Finds a request's sticky key: the first source that has one. An empty value is none.</summary>
internal static class StickyKey
{
    public static string? Find(ImmutableArray<KeySource> sources, HttpRequest request, ReadOnlySpan<byte> body)
    {
        foreach (var source in sources)
            if (Find(source, request, body) is { Length: > 0 } key)
                return key;
        return null;
    }

    private static string? Find(KeySource source, HttpRequest request, ReadOnlySpan<byte> body) => source.Kind switch
    {
        KeySourceKind.Header => request.Headers.TryGetValue(source.Name, out var value) ? value.ToString() : null,
        KeySourceKind.Cookie => request.Headers.Cookie.Count == 0 ? null : request.Cookies[source.Name],
        _ => body.IsEmpty ? null : JsonField.Find(body, source.Path.AsSpan()),
    };
}
