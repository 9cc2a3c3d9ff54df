namespace AgentCanary.Server.Gateway;

/// <summary>A part of a request that can hold a key.</summary>
internal enum KeySourceKind
{
    Header,
    Cookie,
    Body,
}
