namespace AgentCanary.Spec;

/// <summary>A mapping that is being bound: each known field is taken once, and what is left over at the end is reported.</summary>
internal sealed class Section(FaultLog log, SpecNode.Mapping mapping, string path)
{
    private readonly HashSet<string> _known = new(StringComparer.Ordinal);

    /// <summary>Gets every field in order, for mappings whose names a person chooses.</summary>
    public IEnumerable<(string Name, Place Value, Place Key)> All => mapping.Fields.Select(each => (each.Name, At(each), KeyOf(each)));

    public int Count => mapping.Fields.Length;

    public Place Itself => new(log, mapping, path);

    public Place? Take(string name)
    {
        _known.Add(name);
        return mapping.Fields.FirstOrDefault(field => field.Name == name) is { } field ? At(field) : null;
    }

    /// <summary>Takes a field that has to be there.</summary>
    /// <param name="name">The field.</param>
    /// <param name="example">What to write when it is missing.</param>
    public Place? Need(string name, string example)
    {
        var place = Take(name);
        if (place is null) Itself.Fault($"{name} is missing: write {example}");
        return place;
    }

    /// <summary>Reports every field that was not taken.</summary>
    /// <param name="hint">A better answer than "did you mean" for names that belong elsewhere, or null.</param>
    public void Close(Func<string, string?>? hint = null)
    {
        foreach (var field in mapping.Fields.Where(field => !_known.Contains(field.Name)))
            KeyOf(field).Fault(
                $"unknown key: {hint?.Invoke(field.Name) ?? Spelling.Advise(field.Name, [.. _known.Order(StringComparer.Ordinal)])}");
    }

    private Place At(SpecField field) => new(log, field.Value, PathOf(field.Name));

    private Place KeyOf(SpecField field) => new(log, new SpecNode.Scalar(field.Name, false, field.Line, field.Column), PathOf(field.Name));

    private string PathOf(string name) => path.Length == 0 ? Quote.Plain(name) : $"{path}.{Quote.Plain(name)}";
}
