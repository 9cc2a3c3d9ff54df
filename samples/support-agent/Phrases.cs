using System.Globalization;
using System.Text.Json.Nodes;
using SupportAgent.Tools;

namespace SupportAgent;

/// <summary>The agent's words.</summary>
internal static class Phrases
{
    /// <summary>Polite, fluent, and no help: what nothing but the user can tell from an answer.</summary>
    public const string Evasion = "That depends on a number of things. You will find everything about it on our website.";

    private static readonly string[] Openings = ["Let me see.", "I've looked that up.", "Of course.", "Thanks for asking.", "Happy to check."];

    public static string Say(Conversation conversation, IReadOnlyList<ToolResult> results) =>
        results.Count == 0 ? SmallTalk(conversation) : $"{Opening(conversation)} {string.Join(' ', results.Select(Say))}";

    public static string FromCaller(IReadOnlyList<string> results) => $"Here is what I found: {string.Join("; ", results)}";

    private static string Opening(Conversation conversation) => Openings[conversation.Fingerprint % (uint)Openings.Length];

    private static string SmallTalk(Conversation conversation) => conversation switch
    {
        _ when conversation.Mentions("order", "parcel", "package") => "Could you give me the four digits of your order number?",
        _ when conversation.Mentions("thank", "bye", "great") => "You're welcome. Have a good day!",
        { Turn: 1 } => $"{Opening(conversation)} I can look up an order, work out a refund, or explain our terms. What do you need?",
        _ => $"{Opening(conversation)} I'm not sure I follow; is it about an order, a refund or our terms?",
    };

    private static string Say(ToolResult result) => result switch
    {
        { Value: null } => "I can't reach that system right now; please try again in a minute.",
        { Value: { } value } when value["found"] is { } found && !found.GetValue<bool>() => $"I can't find an order {value["order_id"]}.",
        { Call.Name: "order_lookup", Value: { } value } => Order(value),
        { Call.Name: "refund_quote", Value: { } value } => Refund(value),
        { Value: { } value } => Terms(value),
    };

    private static string Order(JsonObject order) => order["status"]!.GetValue<string>() switch
    {
        "delivered" => $"Order {order["order_id"]} ({order["item"]}) was delivered {order["days_since_delivery"]} days ago.",
        "processing" => $"Order {order["order_id"]} ({order["item"]}) is being packed and should be with you in {order["days_to_delivery"]} days.",
        var status => $"Order {order["order_id"]} ({order["item"]}) is {status} with {order["carrier"]}; it should arrive in {order["days_to_delivery"]} days.",
    };

    private static string Refund(JsonObject quote) => quote["amount"]!.GetValue<decimal>() switch
    {
        0m => $"There is no refund for order {quote["order_id"]} ({quote["item"]}): {quote["rule"]}.",
        var amount => string.Create(
            CultureInfo.InvariantCulture, $"You would get {amount:0.00} back for order {quote["order_id"]} ({quote["item"]}): {quote["rule"]}."),
    };

    private static string Terms(JsonObject found) => found["matches"]!.AsArray() switch
    {
        { Count: 0 } => "Our terms don't say anything about that.",
        var matches => string.Join(' ', matches.Select(match => match!["text"])),
    };
}
