using System.Collections.Frozen;
using System.Collections.Immutable;

namespace AgentCanary;

/// <summary>
/// What the tokens of models cost. A model is found by its whole name; else by its name without the date at its end, which providers put behind it; else by the longest beginning that is
/// listed with <c>*</c>. Immutable and thread-safe; finding a price allocates nothing.
/// </summary>
public sealed class PriceTable
{
    // A cost above this is a wrong unit or a lie; an outcome that told it would be refused whole.
    private const double MostCost = 1e6;

    private static readonly ImmutableArray<string> Dates = ["0000-00-00", "00000000"];

    private readonly FrozenDictionary<string, ModelPrice>.AlternateLookup<ReadOnlySpan<char>> _named;
    private readonly ImmutableArray<ModelPrice> _beginnings;

    /// <summary>Makes a table.</summary>
    /// <param name="prices">The prices; of two for one name the first counts.</param>
    public PriceTable(ImmutableArray<ModelPrice> prices)
    {
        var lookup = (prices.IsDefault ? [] : prices).ToLookup(price => price.Model.EndsWith(ModelPrice.Star));
        _named = lookup[false].DistinctBy(price => price.Model).ToFrozenDictionary(price => price.Model, StringComparer.Ordinal).GetAlternateLookup<ReadOnlySpan<char>>();
        _beginnings = [.. lookup[true].OrderByDescending(price => price.Model.Length)];
        IsEmpty = _named.Dictionary.Count == 0 && _beginnings.IsEmpty;
    }

    /// <summary>Gets a table without a price.</summary>
    public static PriceTable Empty { get; } = new([]);

    /// <summary>Gets whether no price is in it.</summary>
    public bool IsEmpty { get; }

    /// <summary>Finds the price of a model.</summary>
    /// <param name="model">The model's name as an answer gives it, or null.</param>
    /// <returns>Null where none is listed.</returns>
    public ModelPrice? Find(string? model) => string.IsNullOrEmpty(model) || IsEmpty ? null
        : _named.TryGetValue(model, out var price) || _named.TryGetValue(WithoutDate(model), out price) ? price
        : FindBeginning(model);

    /// <summary>Says what an answer costs.</summary>
    /// <param name="model">The model that served, or null where nobody knows.</param>
    /// <param name="usage">Its tokens, or null where nobody knows.</param>
    /// <returns>Null where the answer has no price, which is never 0: a model that is not listed, tokens that were not told, or a figure above a million.</returns>
    public double? CostOf(string? model, TokenUsage? usage) =>
        usage is { } tokens && Find(model) is { } price && price.Of(tokens) is >= 0 and <= MostCost and var cost ? cost : null;

    private ModelPrice? FindBeginning(string model)
    {
        foreach (var price in _beginnings)
            if (model.AsSpan().StartsWith(price.Model.AsSpan(0, price.Model.Length - 1), StringComparison.Ordinal)) return price;
        return null;
    }

    // Of gpt-4o-2024-08-06 and claude-sonnet-4@20250514 what stands before the date. Other endings name another model: gpt-4o-mini is not gpt-4o.
    private static ReadOnlySpan<char> WithoutDate(ReadOnlySpan<char> model)
    {
        foreach (var form in Dates)
            if (model.Length > form.Length + 1 && model[^(form.Length + 1)] is '-' or '@' && HasForm(model[^form.Length..], form)) return model[..^(form.Length + 1)];
        return [];
    }

    private static bool HasForm(ReadOnlySpan<char> text, string form)
    {
        for (var i = 0; i < form.Length; i++)
            if (form[i] == '-' ? text[i] != '-' : !char.IsAsciiDigit(text[i])) return false;
        return true;
    }
}
