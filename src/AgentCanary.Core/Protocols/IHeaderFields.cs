namespace AgentCanary.Protocols;

/// <summary>The header fields of a request or an answer. Used by one thread at a time.</summary>
public interface IHeaderFields
{
    /// <summary>Finds a field by its name in any case; repeated fields are joined by commas; null where there is none. Never throws.</summary>
    string? Find(string name);
}
