namespace AgentCanary;

/// <summary>How the answers of stable and of a shadow are compared.</summary>
public enum AgreementKind
{
    /// <summary>As JSON where both are JSON, else as text.</summary>
    Json,

    /// <summary>As text, whatever they are.</summary>
    Text,

    /// <summary>Byte for byte.</summary>
    Exact,
}
