using System.Text.Json.Nodes;
using SupportAgent.Knowledge;

namespace SupportAgent.Tools;

/// <summary>Finds an order: <c>order_lookup(order_id)</c>.</summary>
internal sealed class OrderLookup(Library library) : ITool
{
    public string Name => "order_lookup";

    public JsonObject Run(JsonObject arguments)
    {
        var id = arguments["order_id"]?.ToString() ?? throw new ToolException("order_lookup needs order_id.");
        if (!library.Orders.TryGetValue(id, out var order))
        {
            return new JsonObject { ["found"] = false, ["order_id"] = id };
        }

        return new JsonObject
        {
            ["found"] = true,
            ["order_id"] = id,
            ["item"] = order.Item,
            ["quantity"] = order.Quantity,
            ["status"] = order.Status,
            ["carrier"] = order.Carrier,
            ["days_since_delivery"] = order.DaysSinceDelivery,
            ["days_to_delivery"] = order.DaysToDelivery,
        };
    }
}
