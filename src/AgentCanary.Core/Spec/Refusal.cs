namespace AgentCanary.Spec;

/// <summary>A value that is legal and not built yet.</summary>
/// <param name="Path">Where it stands: names with dots between, <c>[]</c> for every item of a list.</param>
/// <param name="Asks">Whether the value at that place asks for it.</param>
/// <param name="What">What it asks for.</param>
/// <param name="Instead">What to do about it.</param>
internal sealed record Refusal(string Path, Func<SpecNode, bool> Asks, string What, string Instead)
{
    public static Func<SpecNode, bool> HasItems { get; } = node => node is SpecNode.Sequence { Items.IsEmpty: false };

    public static Func<SpecNode, bool> HasFields { get; } = node => node is SpecNode.Mapping { Fields.IsEmpty: false };

    public void Judge(Place root)
    {
        // Stages stand in one of two lists; and a value that is wrong as it is needs no second fault.
        var path = Path.StartsWith("stages", StringComparison.Ordinal) && root.Node is SpecNode.Mapping { Fields: var fields }
            && fields.All(field => field.Name != "stages")
            ? $"canary_{Path}" : Path;
        foreach (var place in Find(root, path))
        {
            if (Asks(place.Node) && !root.Log.HasAt(place.Node.Line, place.Node.Column))
                place.Fault($"{What} is not supported yet: {Instead}");
        }
    }

    private static IEnumerable<Place> Find(Place place, string path)
    {
        if (path.Length == 0) return [place];
        if (path.StartsWith("[]", StringComparison.Ordinal))
            return place.Node is SpecNode.Sequence ? place.Items("").SelectMany(item => Find(item, path[2..].TrimStart('.'))) : [];
        var end = path.AsSpan().IndexOfAny('.', '[') is >= 0 and var at ? at : path.Length;
        var next = place.Node is SpecNode.Mapping ? place.Section("")?.Take(path[..end]) : null;
        return next is null ? [] : Find(next, path[end..].TrimStart('.'));
    }

    private static TimeSpan? Duration(SpecNode node) =>
        node is SpecNode.Scalar scalar && DurationText.TryParse(scalar.Text, default, TimeSpan.FromDays(365), out var duration, out _)
            ? duration : null;
}
