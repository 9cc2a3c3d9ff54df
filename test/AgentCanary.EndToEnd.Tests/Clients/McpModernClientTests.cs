namespace AgentCanary.EndToEnd.Tests.Clients;

/// <summary>The <c>@modelcontextprotocol/client</c> and <c>/server</c> packages for Node: the revision of 2026-07-28, which has no sessions.</summary>
public class McpModernClientTests(McpModernClientTests.Site site) : IClassFixture<McpModernClientTests.Site>
{
    [ClientTheory]
    [InlineData("A caller keeps one version without a session")]
    [InlineData("A long result is whole")]
    [InlineData("Progress arrives while the tool still works")]
    [InlineData("A question of the server is answered to the version that asked it")]
    [InlineData("What the server announces arrives on the stream of who listens")]
    [InlineData("Cancelling a call reaches the server, and is counted as the caller leaving")]
    [InlineData("Errors of the server arrive as the types of the SDK, and failed tools are counted")]
    [InlineData("When the weight grows callers only join the canary, and questions are answered to who asked them")]
    [InlineData("At 100 % everybody is on the canary")]
    [InlineData("The whole rollout passed, and each call was counted once for what it was")]
    public void Through_the_gateway_the_MCP_packages_without_sessions_find(string sentence) => site.Holds(sentence);

    [ClientFact]
    public void Its_program_found_nothing_else() => site.FoundNothingElse(10);

    public sealed class Site() : ClientSite("mcp-modern");
}
