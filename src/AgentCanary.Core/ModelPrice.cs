namespace AgentCanary;

/// <summary>What a million tokens of a model cost, in one currency of the user's own: 0 to 1,000,000 each. Immutable and thread-safe.</summary>
/// <param name="Model">The model's name as answers give it, or the beginning of names with <c>*</c> behind it.</param>
/// <param name="Input">The price of a million tokens of requests that no cache had to do with.</param>
/// <param name="Output">The price of a million tokens of answers.</param>
/// <param name="Cached">The price of a million tokens that were read from a cache.</param>
/// <param name="CacheWrite">The price of a million tokens that were written to a cache.</param>
public sealed record ModelPrice(string Model, double Input, double Output, double Cached, double CacheWrite)
{
    /// <summary>The highest price of a million tokens.</summary>
    internal const double Most = 1e6;

    /// <summary>What stands behind a beginning of names.</summary>
    internal const char Star = '*';

    /// <summary>Makes a price without a discount: what goes through a cache costs what other input costs.</summary>
    public ModelPrice(string model, double input, double output)
        : this(model, input, output, input, input)
    {
    }

    /// <summary>Says what an answer costs.</summary>
    public double Of(in TokenUsage usage) =>
        ((usage.Fresh * Input) + (usage.Cached * Cached) + (usage.CacheWrite * CacheWrite) + (usage.Output * Output)) / 1e6;
}
