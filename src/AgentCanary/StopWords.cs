using System.Globalization;
using AgentCanary.Shadow;

namespace AgentCanary;

/// <summary>Says why a shadow is stopped, by which figure of its budget, and what to do. Pure and thread-safe.</summary>
internal static class StopWords
{
    public static string Of(ShadowStop stop, ShadowBudget budget) => stop switch
    {
        ShadowStop.RateLimited => "a version answered 429, and whoever is at a limit is not asked twice; it goes on by itself",
        ShadowStop.Requests => Spent("requests", budget.Requests),
        ShadowStop.Tokens => Spent("tokens", budget.Tokens),
        ShadowStop.Cost => Spent("cost", budget.Cost),
        ShadowStop.UnknownTokens => Untold("tokens", budget.Tokens, "did not say its tokens: let the agent report its usage"),
        _ => Untold("cost", budget.Cost, "has no price: complete prices"),
    };

    private static string Spent(string key, IFormattable? value) => $"its budget of the hour is spent (shadow.budget.{key}: {Figure(value)}); raise it, or wait for the next hour";

    private static string Untold(string key, IFormattable? value, string why) => $"an answer {why}, or take the limit out (shadow.budget.{key}: {Figure(value)})";

    private static string? Figure(IFormattable? value) => value?.ToString(null, CultureInfo.InvariantCulture);
}
