using System.Text;
using System.Text.Json;

namespace AgentCanary.Shadow;

/// <summary>Compares stable's answer to a request with a shadow's. Pure and thread-safe; never throws.</summary>
public static class AnswerComparison
{
    private static readonly JsonDocumentOptions Strict = new() { MaxDepth = 64 };

    /// <summary>Tells whether two answers agree.</summary>
    public static bool Agree(ReadOnlyMemory<byte> stable, ReadOnlyMemory<byte> shadow, AgreementTerms terms)
    {
        ArgumentNullException.ThrowIfNull(terms);
        return Similarity(stable, shadow, terms) >= Least(terms);
    }

    /// <summary>Gets how similar two answers must be to agree.</summary>
    public static double Least(AgreementTerms terms)
    {
        ArgumentNullException.ThrowIfNull(terms);
        return terms.Kind is AgreementKind.Exact ? 1 : terms.Similarity;
    }

    /// <summary>Gets how similar two answers are, 0 to 1.</summary>
    public static double Similarity(ReadOnlyMemory<byte> stable, ReadOnlyMemory<byte> shadow, AgreementTerms terms)
    {
        ArgumentNullException.ThrowIfNull(terms);
        if (stable.Span.SequenceEqual(shadow.Span)) return 1;
        if (terms.Kind is AgreementKind.Exact) return 0;
        return (terms.Kind is AgreementKind.Json ? OfJson(stable, shadow, terms) : null) ?? OfText(stable.Span, shadow.Span);
    }

    // As in JSON, the least similar part counts: else two tools would be alike for what they are called with.
    private static double OfText(ReadOnlySpan<byte> stable, ReadOnlySpan<byte> shadow)
    {
        var (left, right) = (StreamText.Of(stable), StreamText.Of(shadow));
        var texts = TextSimilarity.Of(left?.Text ?? Encoding.UTF8.GetString(stable), right?.Text ?? Encoding.UTF8.GetString(shadow));
        return left is null || right is null ? texts : Math.Min(texts, TextSimilarity.Of(left.Names, right.Names));
    }

    // Null where they are not both JSON.
    private static double? OfJson(ReadOnlyMemory<byte> stable, ReadOnlyMemory<byte> shadow, AgreementTerms terms)
    {
        try
        {
            using var left = JsonDocument.Parse(stable, Strict);
            using var right = JsonDocument.Parse(shadow, Strict);
            return JsonSimilarity.Of(left.RootElement, right.RootElement, terms);
        }
        catch (Exception fault) when (fault is JsonException or InvalidOperationException or FormatException)
        {
            return null;
        }
    }
}
