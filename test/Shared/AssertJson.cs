using System.Text.Json;
using System.Text.Json.Nodes;

namespace AgentCanary.Testing;

/// <summary>Compares JSON by value, so that blanks and the order of members do not matter.</summary>
public static class AssertJson
{
    private static readonly JsonSerializerOptions Indented = new() { WriteIndented = true };

    public static void Equal(string expected, string actual)
    {
        var (left, right) = (JsonNode.Parse(expected), JsonNode.Parse(actual));
        if (!JsonNode.DeepEquals(left, right)) Assert.Equal(Sorted(left)!.ToJsonString(Indented), Sorted(right)!.ToJsonString(Indented));
    }

    private static JsonNode? Sorted(JsonNode? node) => node switch
    {
        JsonObject members => new JsonObject(members.OrderBy(member => member.Key, StringComparer.Ordinal).Select(member => KeyValuePair.Create(member.Key, Sorted(member.Value)))),
        JsonArray items => new JsonArray([.. items.Select(Sorted)]),
        _ => node?.DeepClone(),
    };
}
