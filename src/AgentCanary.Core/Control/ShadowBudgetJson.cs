using System.Text.Json;

namespace AgentCanary.Control;

/// <summary>The budget of a shadow in stored JSON; what stands not there has no limit.</summary>
internal static class ShadowBudgetJson
{
    public static void Write(Utf8JsonWriter writer, ShadowBudget budget)
    {
        if (budget.Requests is { } requests) writer.WriteNumber("requests", requests);
        if (budget.Tokens is { } tokens) writer.WriteNumber("tokens", tokens);
        writer.Number("cost", budget.Cost);
    }

    public static ShadowBudget Read(JsonFields fields) => new()
    {
        Requests = LongOrNull(fields, "requests"),
        Tokens = LongOrNull(fields, "tokens"),
        Cost = fields.NumberOrNull("cost"),
    };

    private static long? LongOrNull(JsonFields fields, string name) => fields.NumberOrNull(name) is null ? null : fields.Long(name, 0);
}
