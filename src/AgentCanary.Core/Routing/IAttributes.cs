namespace AgentCanary.Routing;

/// <summary>What a request says of its caller. Implemented by structs, so that reading costs no allocation.</summary>
public interface IAttributes
{
    /// <summary>Finds an attribute, such as <c>header:x-user-group</c>; null where the request has none. Never throws.</summary>
    string? Find(string name);
}
