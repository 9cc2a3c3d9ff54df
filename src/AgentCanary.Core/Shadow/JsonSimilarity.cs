using System.Text.Json;

namespace AgentCanary.Shadow;

/// <summary>How similar two JSON values are: 0 where structure, numbers or truth values differ, else the similarity of their least similar texts. Pure and thread-safe.</summary>
internal static class JsonSimilarity
{
    public static double Of(JsonElement left, JsonElement right, AgreementTerms terms, string path = "")
    {
        if (left.ValueKind != right.ValueKind) return 0;
        return left.ValueKind switch
        {
            JsonValueKind.Object => OfObjects(left, right, terms, path),
            JsonValueKind.Array => OfLists(left, right, terms, path),
            JsonValueKind.String => TextSimilarity.Of(left.GetString()!, right.GetString()!),
            JsonValueKind.Number => IsClose(left, right, terms.Tolerance) ? 1 : 0,
            _ => 1,
        };
    }

    private static double OfObjects(JsonElement left, JsonElement right, AgreementTerms terms, string path)
    {
        var least = 1.0;
        foreach (var member in left.EnumerateObject())
        {
            if (IgnoredMembers.Contains(terms, path, member.Name)) continue;
            if (!right.TryGetProperty(member.Name, out var other)) return 0;
            least = Math.Min(least, Of(member.Value, other, terms, PlaceOf(path, member.Name)));
            if (least == 0) return 0;
        }
        foreach (var member in right.EnumerateObject())
        {
            if (!left.TryGetProperty(member.Name, out _) && !IgnoredMembers.Contains(terms, path, member.Name)) return 0;
        }
        return least;
    }

    private static double OfLists(JsonElement left, JsonElement right, AgreementTerms terms, string path)
    {
        if (left.GetArrayLength() != right.GetArrayLength()) return 0;
        var least = 1.0;
        foreach (var (one, other) in left.EnumerateArray().Zip(right.EnumerateArray())) least = Math.Min(least, Of(one, other, terms, path));
        return least;
    }

    private static bool IsClose(JsonElement left, JsonElement right, double tolerance)
    {
        if (left.GetRawText() == right.GetRawText()) return true;
        var (one, other) = (left.GetDouble(), right.GetDouble());
        return Math.Abs(one - other) <= tolerance * Math.Max(Math.Abs(one), Math.Abs(other));
    }

    public static string PlaceOf(string path, string name) => path.Length == 0 ? name : $"{path}.{name}";
}
