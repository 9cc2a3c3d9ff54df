using System.Collections.Immutable;

namespace AgentCanary.Spec;

/// <summary>Binds <c>sticky</c>: the word <c>random</c>, or where keys are found and how they are hashed.</summary>
internal static class StickyBinder
{
    private const int MostSources = 16;
    private const string Wanted = "random, or a mapping such as { key: [ header:x-user-id ], hash: xxh64 }";

    public static StickySpec Bind(Place? place)
    {
        if (place is null) return new();
        if (place.Node is SpecNode.Scalar { Text: "random" }) return new() { Key = [] };
        if (place.Section(Wanted) is not { } section) return new();
        var spec = new StickySpec
        {
            Key = section.Take("key") is { } key ? Sources(key) : new StickySpec().Key,
            Hash = section.Take("hash").Choice(StickyHashKind.Xxh64, ("xxh64", StickyHashKind.Xxh64), ("md5", StickyHashKind.Md5)),
        };
        section.Close();
        return spec;
    }

    private static ImmutableArray<string> Sources(Place place)
    {
        var items = place.Node is SpecNode.Scalar { IsNothing: false } ? [place]
            : place.Items("a list such as [ header:x-user-id, cookie:uid ]", MostSources);
        if (place.Node is SpecNode.Sequence { Items.IsEmpty: true })
            place.Fault("the list is empty: write header:NAME, cookie:NAME or body:$.field, or sticky: random");
        var sources = ImmutableArray.CreateBuilder<string>();
        foreach (var item in items)
        {
            var source = item.Read<string>("", "a source such as header:x-user-id", SourceText.TryParseKey);
            if (source.Length > 0 && sources.Contains(source)) item.Fault($"{Quote.Of(source)} stands in the list already: take one out");
            else sources.Add(source);
        }
        return sources.ToImmutable();
    }
}
