namespace AgentCanary.Protocols;

/// <summary>Header fields from a text of lines.</summary>
internal sealed class Fields(IEnumerable<string> lines) : IHeaderFields
{
    private readonly Dictionary<string, string> _fields = lines.Select(line => line.Split(':', 2))
        .ToDictionary(parts => parts[0].Trim(), parts => parts[1].Trim(), StringComparer.OrdinalIgnoreCase);

    public string? Find(string name) => _fields.GetValueOrDefault(name);
}
