namespace SupportAgent.Knowledge;

/// <summary>An order of the shop.</summary>
internal sealed record Order(
    string Id, string Item, string Category, int Quantity, decimal Price, string Status, string? Carrier, int? DaysSinceDelivery, int? DaysToDelivery);
