namespace AgentCanary;

/// <summary>
/// Says who is served by the chat calls of this async flow, for code that cannot reach their options. Scopes nest: the innermost one counts, and the end of one brings
/// back the one around it. Thread-safe; other flows see nothing of it.
/// </summary>
public sealed class CanaryScope : IDisposable
{
    private static readonly AsyncLocal<CanaryScope?> Innermost = new();

    private readonly CanaryScope? _around;

    private CanaryScope(string? stickyKey, Dictionary<string, string>? attributes, CanaryScope? around) =>
        (StickyKey, Attributes, _around) = (stickyKey, attributes, around);

    internal static CanaryScope? Current => Innermost.Value;

    internal string? StickyKey { get; }

    internal Dictionary<string, string>? Attributes { get; }

    /// <summary>Begins a scope, which lasts until it is disposed.</summary>
    /// <param name="stickyKey">Whoever should keep one version: any string; null or empty for nobody in particular.</param>
    /// <param name="attributes">What is known of the caller, by the names that cohorts look at; copied. Null for nothing.</param>
    public static CanaryScope Begin(string? stickyKey, Dictionary<string, string>? attributes = null) =>
        Innermost.Value = new(stickyKey, attributes is null ? null : new(attributes, attributes.Comparer), Innermost.Value);

    /// <summary>Ends the scope. A second time does nothing.</summary>
    public void Dispose()
    {
        if (Innermost.Value == this) Innermost.Value = _around;
    }
}
