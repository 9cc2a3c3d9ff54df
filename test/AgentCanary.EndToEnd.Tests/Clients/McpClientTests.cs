namespace AgentCanary.EndToEnd.Tests.Clients;

/// <summary>The <c>@modelcontextprotocol/sdk</c> package for Node, client and server: sessions over streamable HTTP.</summary>
public class McpClientTests(McpClientTests.Site site) : IClassFixture<McpClientTests.Site>
{
    [ClientTheory]
    [InlineData("A session keeps the version that began it, in all that it asks")]
    [InlineData("A long result is whole")]
    [InlineData("Progress arrives while the tool still works")]
    [InlineData("A question of the server to the user is asked and answered in the middle of a call")]
    [InlineData("What the server announces arrives on the stream that the client listens to")]
    [InlineData("Cancelling a call reaches the server that works on it")]
    [InlineData("Errors of the server arrive as the types of the SDK, and failed tools are counted")]
    [InlineData("A session that nobody knows is an error of the transport")]
    [InlineData("A session that its client ends is ended where it was begun")]
    [InlineData("When the weight grows sessions stay")]
    [InlineData("At 100 % new sessions are begun on the canary, and those that stable began end there")]
    [InlineData("The whole rollout passed, and each call was counted once for what it was")]
    public void Through_the_gateway_the_MCP_package_finds(string sentence) => site.Holds(sentence);

    [ClientFact]
    public void Its_program_found_nothing_else() => site.FoundNothingElse(12);

    public sealed class Site() : ClientSite("mcp");
}
