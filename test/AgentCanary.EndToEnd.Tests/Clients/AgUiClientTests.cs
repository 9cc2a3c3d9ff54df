namespace AgentCanary.EndToEnd.Tests.Clients;

/// <summary>The <c>@ag-ui/client</c> package for Node. The gateway knows its runs by what they send.</summary>
public class AgUiClientTests(AgUiClientTests.Site site) : IClassFixture<AgUiClientTests.Site>
{
    [ClientTheory]
    [InlineData("A thread keeps its version")]
    [InlineData("Events arrive as they are sent, and the text is whole")]
    [InlineData("Aborting a run reaches the agent, and is counted as the caller leaving")]
    [InlineData("A stream that breaks and errors of the agent are errors of the client, and one that stops without its end is counted as broken")]
    [InlineData("A run that fails under 200 is told to the client, and is counted as a failure of the agent")]
    [InlineData("A subagent that fails is told, and is counted as a failed tool")]
    [InlineData("An interrupted run is resumed by the version that asked")]
    [InlineData("When the weight grows threads stay")]
    [InlineData("At 100 % new threads are begun on the canary, and those that stable began end there")]
    [InlineData("The whole rollout passed, and each call was counted once for what it was")]
    public void Through_the_gateway_the_AG_UI_package_finds(string sentence) => site.Holds(sentence);

    [ClientFact]
    public void Its_program_found_nothing_else() => site.FoundNothingElse(10);

    public sealed class Site() : ClientSite("ag-ui");
}
