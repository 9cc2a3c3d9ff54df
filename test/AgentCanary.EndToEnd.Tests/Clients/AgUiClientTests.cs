namespace AgentCanary.EndToEnd.Tests.Clients;

/// <summary>The <c>@ag-ui/client</c> package for Node. Its threads are kept together by a key of the file; what its answers mean is not read.</summary>
public class AgUiClientTests(AgUiClientTests.Site site) : IClassFixture<AgUiClientTests.Site>
{
    [ClientTheory]
    [InlineData("A thread keeps its version")]
    [InlineData("Events arrive as they are sent, and the text is whole")]
    [InlineData("Aborting a run reaches the agent, and is counted as the caller leaving")]
    [InlineData("A stream that breaks and errors of the agent are errors of the client")]
    [InlineData("When the weight grows threads only join the canary")]
    [InlineData("At 100 % every thread is on the canary")]
    [InlineData("The whole rollout passed, and each call was counted once for what it was")]
    public void Through_the_gateway_the_AG_UI_package_finds(string sentence) => site.Holds(sentence);

    [ClientFact]
    public void Its_program_found_nothing_else() => site.FoundNothingElse(7);

    public sealed class Site() : ClientSite("ag-ui", "body:$.threadId");
}
