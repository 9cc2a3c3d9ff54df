using System.Collections.Immutable;
using System.Globalization;

namespace AgentCanary.Spec;

/// <summary>Binds <c>prices</c>: what a million tokens of each model cost.</summary>
internal static class PriceBinder
{
    private const int MostPrices = 256;
    private const int LongestName = 128;
    private const string Example = "{ input: 2.50, output: 10, cached: 1.25 }";
    private static readonly NumberRange Price = new("a price of a million tokens, 0 to 1,000,000", price => price is >= 0 and <= ModelPrice.Most);

    public static ImmutableArray<ModelPrice> Bind(Place? place)
    {
        if (place?.Section($"a mapping such as gpt-4o: {Example}") is not { } section) return [];
        if (section.Count > MostPrices) place.Fault(string.Create(CultureInfo.InvariantCulture, $"{section.Count} prices stand here: at most {MostPrices} are allowed"));
        return [.. section.All.Select(field => Bind(field.Name, field.Value, field.Key)).OfType<ModelPrice>()];
    }

    private static ModelPrice? Bind(string model, Place place, Place key)
    {
        if (JudgeName(model) is { } fault) key.Fault(fault);
        if (place.Section($"prices of a million tokens such as {Example}") is not { } section) return null;
        var input = section.Need("input", "input: 2.50, or what a million tokens of requests cost").Number(0, Price);
        var output = section.Need("output", "output: 10, or what a million tokens of answers cost").Number(0, Price);
        var (cached, written) = (section.Take("cached").Number(input, Price), section.Take("cache_write").Number(input, Price));
        section.Close();
        return string.IsNullOrWhiteSpace(model) ? null : new(model, input, output, cached, written);
    }

    private static string? JudgeName(string model)
    {
        var name = model.EndsWith(ModelPrice.Star) ? model.AsSpan(0, model.Length - 1) : model;
        foreach (var letter in name)
            if (letter is <= ' ' or > '~' or ModelPrice.Star) return NoName(model);
        return name.Length is > 0 and <= LongestName ? null : NoName(model);
    }

    private static string NoName(string model) =>
        $"{Quote.Of(model)} is not a model's name: write it as answers give it, 1 to {LongestName} visible ASCII characters, with * only at its end for all names that begin so";
}
