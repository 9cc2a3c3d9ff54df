namespace AgentCanary.EndToEnd.Tests.Clients;

/// <summary>The <c>@a2a-js/sdk</c> package for Node, client and server: A2A 1.0 over both transports, and 0.3.</summary>
public class A2aClientTests(A2aClientTests.Site site) : IClassFixture<A2aClientTests.Site>
{
    [ClientTheory]
    [InlineData("The agent card is fetched through the gateway and leads back to it")]
    [InlineData("A conversation keeps the version that began it, over every transport and revision")]
    [InlineData("A task is read where it was made")]
    [InlineData("Artifacts arrive as they are sent, and the text is whole")]
    [InlineData("A question of the agent is answered in its task")]
    [InlineData("A task is cancelled where it works, and its stream ends with that")]
    [InlineData("Who leaves a stream finds its task again, and follows it to the end")]
    [InlineData("Failed and rejected tasks are counted as such")]
    [InlineData("A task that nobody knows is the error of the SDK")]
    [InlineData("When the weight grows conversations and tasks stay")]
    [InlineData("At 100 % new conversations are begun on the canary, and those that stable began end there")]
    [InlineData("The whole rollout passed, and each call was counted once for what it was")]
    public void Through_the_gateway_the_A2A_package_finds(string sentence) => site.Holds(sentence);

    [ClientFact]
    public void Its_program_found_nothing_else() => site.FoundNothingElse(12);

    public sealed class Site() : ClientSite("a2a");
}
