namespace AgentCanary.Protocols.Json;

/// <summary>What a <see cref="JsonScanner"/> found at a watched place.</summary>
internal enum JsonKind
{
    /// <summary>A string that is not empty has begun.</summary>
    StringBegun,

    /// <summary>A string has ended; its beginning is known.</summary>
    String,

    /// <summary>A number, as it was written.</summary>
    Number,

    /// <summary>The literal <c>true</c>.</summary>
    True,

    /// <summary>The literal <c>false</c>.</summary>
    False,

    /// <summary>The literal <c>null</c>.</summary>
    Null,

    /// <summary>An object has begun.</summary>
    Object,

    /// <summary>An array has begun.</summary>
    Array,
}
