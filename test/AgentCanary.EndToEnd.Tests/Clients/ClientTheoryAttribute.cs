namespace AgentCanary.EndToEnd.Tests.Clients;

/// <summary>A theory that needs Node and the packages of <c>test/clients</c>; elsewhere it is skipped by name.</summary>
internal sealed class ClientTheoryAttribute : TheoryAttribute
{
    public ClientTheoryAttribute() => Skip = NodePackages.Missing;
}
