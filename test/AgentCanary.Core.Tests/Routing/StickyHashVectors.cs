using System.Globalization;
using System.Text.Json;

namespace AgentCanary.Core.Tests.Routing;

/// <summary>The published vectors of the sticky hash.</summary>
internal sealed record StickyHashVectors(
    StickyHashVectors.SaltVector[] Salts,
    StickyHashVectors.KeyVector[] Xxh64,
    StickyHashVectors.KeyVector[] Md5,
    Dictionary<string, JsonElement> Counts)
{
    private static readonly JsonSerializerOptions Options = new() { PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower };

    public static StickyHashVectors Read()
    {
        using var stream = typeof(StickyHashVectors).Assembly.GetManifestResourceStream("sticky-hash.json")!;
        return JsonSerializer.Deserialize<StickyHashVectors>(stream, Options)!;
    }

    public static ulong Number(string hex) => ulong.Parse(hex.AsSpan(2), NumberStyles.HexNumber, CultureInfo.InvariantCulture);

    public int Count(string kind, int basisPoints) =>
        Counts[kind].GetProperty(basisPoints.ToString(CultureInfo.InvariantCulture)).GetInt32();

    internal sealed record SaltVector(string Name, string Canary, int Attempt, string Salt);

    internal sealed record KeyVector(string? Salt, string Key, string? Hash, uint Bucket, Dictionary<string, bool> CanaryAtBp);
}
