using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace SupportAgent.Knowledge;

/// <summary>What the agent knows: orders and terms, embedded in the assembly. Immutable.</summary>
internal sealed class Library
{
    public static Library Embedded { get; } = new(
        Read("orders.json", KnowledgeJson.Default.OrderArray), Read("policies.json", KnowledgeJson.Default.PolicyArray));

    private Library(Order[] orders, Policy[] policies)
    {
        Orders = orders.ToDictionary(o => o.Id);
        Policies = policies;
    }

    public IReadOnlyDictionary<string, Order> Orders { get; }

    public IReadOnlyList<Policy> Policies { get; }

    private static T Read<T>(string name, JsonTypeInfo<T> type)
    {
        using var stream = typeof(Library).Assembly.GetManifestResourceStream(name)
            ?? throw new InvalidOperationException($"The embedded file '{name}' is missing; build the sample again.");
        return JsonSerializer.Deserialize(stream, type)
            ?? throw new InvalidOperationException($"The embedded file '{name}' is empty.");
    }
}
