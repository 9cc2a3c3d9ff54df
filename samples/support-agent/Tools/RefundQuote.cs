using System.Text.Json.Nodes;
using SupportAgent.Knowledge;

namespace SupportAgent.Tools;

/// <summary>Works out by the shop's terms what comes back for an order: <c>refund_quote(order_id)</c>.</summary>
internal sealed class RefundQuote(Library library) : ITool
{
    private const int FullRefundDays = 30;
    private const int OpenedRefundDays = 14;
    private const decimal RestockingFee = 0.15m;
    private const decimal ReturnParcel = 4.90m;

    public string Name => "refund_quote";

    public JsonObject Run(JsonObject arguments)
    {
        var id = arguments["order_id"]?.ToString() ?? throw new ToolException("refund_quote needs order_id.");
        if (!library.Orders.TryGetValue(id, out var order))
        {
            return new JsonObject { ["found"] = false, ["order_id"] = id };
        }

        var (amount, rule) = Quote(order);
        return new JsonObject { ["found"] = true, ["order_id"] = id, ["item"] = order.Item, ["amount"] = amount, ["rule"] = rule };
    }

    private static (decimal Amount, string Rule) Quote(Order order)
    {
        var paid = order.Price * order.Quantity;
        return order switch
        {
            { Category: "digital" } => (0m, "digital goods cannot be refunded"),
            { Status: "processing" } => (paid, "it has not left yet, so it can simply be cancelled"),
            { Status: "shipped" or "delayed" } => (paid - ReturnParcel, "it is on its way; send it back unopened"),
            { DaysSinceDelivery: > FullRefundDays } => (0m, "the 30 days for returns are over"),
            { Category: "electronics", DaysSinceDelivery: > OpenedRefundDays } => (paid - ReturnParcel, "only if it is unopened"),
            { Category: "electronics" } => (paid * (1 - RestockingFee) - ReturnParcel, "a restocking fee of 15 percent is kept when it was opened"),
            _ => (paid - ReturnParcel, "it is within the 30 days for returns"),
        };
    }
}
