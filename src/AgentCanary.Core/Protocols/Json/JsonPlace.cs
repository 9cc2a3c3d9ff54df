namespace AgentCanary.Protocols.Json;

/// <summary>One place in a <see cref="JsonShape"/>, and the places inside it.</summary>
internal sealed class JsonPlace
{
    private readonly List<(byte[] Name, JsonPlace Node)> _fields = [];

    /// <summary>Gets the number under which values here are reported, or -1 where nobody watches.</summary>
    public int Field { get; set; } = -1;

    /// <summary>Gets the place of an array's items, or null.</summary>
    public JsonPlace? Items { get; private set; }

    /// <summary>Gets whether something inside an object here is watched.</summary>
    public bool HasFields => _fields.Count > 0;

    /// <summary>Finds a field of an object here; null where nothing in it is watched.</summary>
    public JsonPlace? Find(ReadOnlySpan<byte> name)
    {
        foreach (var field in _fields)
            if (name.SequenceEqual(field.Name)) return field.Node;
        return null;
    }

    public JsonPlace AddItems() => Items ??= new();

    public JsonPlace AddField(ReadOnlySpan<byte> name)
    {
        if (Find(name) is { } known) return known;
        var node = new JsonPlace();
        _fields.Add((name.ToArray(), node));
        return node;
    }
}
