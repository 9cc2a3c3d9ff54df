using System.Text.Json.Nodes;
using SupportAgent.Tools;

namespace SupportAgent;

/// <summary>Chooses the tools that a conversation asks for.</summary>
internal static class Planner
{
    public static IReadOnlyList<ToolCall> Plan(Conversation conversation) => conversation switch
    {
        { OrderId: { } id } when conversation.Mentions("refund", "money back", "get back", "send it back") => [OnOrder("refund_quote", id)],
        { OrderId: { } id } when conversation.Mentions("order", "where", "status", "arrive", "parcel", "package", "deliver", "when", id) =>
            [OnOrder("order_lookup", id)],
        _ when conversation.Mentions("refund", "return", "policy", "warranty", "cancel", "exchange", "deliver", "price", "lost", "damaged", "terms") =>
            [new ToolCall("policy_search", new JsonObject { ["query"] = conversation.Question })],
        _ => [],
    };

    private static ToolCall OnOrder(string tool, string id) => new(tool, new JsonObject { ["order_id"] = id });
}
