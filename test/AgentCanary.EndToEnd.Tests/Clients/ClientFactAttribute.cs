namespace AgentCanary.EndToEnd.Tests.Clients;

/// <summary>A fact that needs Node and the packages of <c>test/clients</c>; elsewhere it is skipped by name.</summary>
internal sealed class ClientFactAttribute : FactAttribute
{
    public ClientFactAttribute() => Skip = NodePackages.Missing;
}
