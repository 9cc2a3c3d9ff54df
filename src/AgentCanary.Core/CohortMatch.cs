namespace AgentCanary;

/// <summary>How an attribute is compared. There are no regular expressions.</summary>
public enum CohortMatch
{
    /// <summary>The value is the given one.</summary>
    Exact,

    /// <summary>The value starts with the given one.</summary>
    Prefix,

    /// <summary>The value ends with the given one.</summary>
    Suffix,

    /// <summary>The value is one of the given ones.</summary>
    In,

    /// <summary>The attribute is there, whatever its value.</summary>
    Present,
}
