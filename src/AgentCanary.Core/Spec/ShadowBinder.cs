using System.Collections.Immutable;

namespace AgentCanary.Spec;

/// <summary>Binds <c>shadow</c> of the rollout: what may be shown to the canary beside stable.</summary>
internal static class ShadowBinder
{
    private const int MostItems = 100;
    private static readonly NumberRange Tolerance = new("a number of 0 to 1", tolerance => tolerance is >= 0 and <= 1);
    private static readonly NumberRange Similarity = new("a number above 0, up to 1", similarity => similarity is > 0 and <= 1);
    private static readonly NumberRange Requests = new("a whole number of requests an hour, 1 to 1,000,000,000", requests => requests is >= 1 and <= 1e9 && double.IsInteger(requests));
    private static readonly NumberRange Tokens = new("a whole number of tokens an hour, 1 to 1,000,000,000,000", tokens => tokens is >= 1 and <= 1e12 && double.IsInteger(tokens));
    private static readonly NumberRange Cost = new("an amount an hour above 0, up to 1,000,000", cost => cost is > 0 and <= 1e6);
    private const string Wanted = "a mapping such as { safe: [ /v1/chat/completions ] }";

    public static ShadowSpec? Bind(Place? place, bool hasPrices)
    {
        if (place?.Section(Wanted) is not { } section) return null;
        var spec = new ShadowSpec
        {
            Safe = section.Take("safe") is { } safe ? PathText.List(safe, "a list of paths such as [ /v1/chat/completions, /search/* ]") : [],
            Forward = Texts(section.Take("forward"), "a list of headers such as [ authorization ]", "a header's name", TryParseHeader),
            Agreement = Agreement(section),
            Budget = Budget(section.Take("budget"), hasPrices),
            Judge = JudgeBinder.Bind(section.Take("judge")),
            Keep = section.Take("keep").Whole(0, 0, 200),
            KeepFor = section.Take("keep_for").Duration(new ShadowSpec().KeepFor, TimeSpan.FromMinutes(1), TimeSpan.FromDays(7)),
        };
        section.Close();
        return spec;
    }

    private static ShadowBudget Budget(Place? place, bool hasPrices)
    {
        if (place?.Section("a mapping such as { requests: 1000, cost: 5.00 }") is not { } section) return ShadowBudget.Standard;
        var budget = new ShadowBudget
        {
            Requests = (long)section.Take("requests").Number(ShadowBudget.Standard.Requests!.Value, Requests),
            Tokens = section.Take("tokens") is { } tokens ? (long)tokens.Number(1, Tokens) : null,
            Cost = section.Take("cost") is { } cost ? cost.Number(1, Cost) : null,
        };
        if (budget.Cost is not null && !hasPrices) place.Fault("cost is limited, and no model has a price: add prices, or limit requests or tokens");
        section.Close();
        return budget;
    }

    private static AgreementTerms Agreement(Section section) => new()
    {
        Kind = section.Take("compare").Choice(AgreementKind.Json, ("json", AgreementKind.Json), ("text", AgreementKind.Text), ("exact", AgreementKind.Exact)),
        Ignore = section.Take("ignore") is { } ignore ? Texts(ignore, "a list of members such as [ $.id, $.usage ]", "a member such as $.id", TryParseMember) : default,
        Tolerance = section.Take("tolerance").Number(0, Tolerance),
        Similarity = section.Take("similarity").Number(new AgreementTerms().Similarity, Similarity),
    };

    private static bool TryParseMember(string text, out string value, out string fault)
    {
        value = text.StartsWith("$.", StringComparison.Ordinal) ? text[2..] : "";
        var isMember = value.Length is > 0 and <= 256 && value.Split('.').All(name => name.Length > 0 && name.All(letter => char.IsAsciiLetterOrDigit(letter) || letter is '_' or '-'));
        fault = isMember ? "" : $"{Quote.Of(text)} is not a member: write names with dots between, such as $.choices.message.id; lists are no step";
        return isMember;
    }

    private static ImmutableArray<string> Texts(Place? place, string list, string wanted, Parse<string> parse) =>
        place is null ? [] : [.. place.Items(list, MostItems).Select(item => item.Read<string>("", wanted, parse))];

    private static bool TryParseHeader(string text, out string value, out string fault)
    {
        value = text.ToLowerInvariant();
        fault = HeaderText.JudgeName(text) ?? "";
        return fault.Length == 0;
    }
}
