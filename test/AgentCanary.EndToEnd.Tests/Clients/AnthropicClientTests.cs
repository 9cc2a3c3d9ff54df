namespace AgentCanary.EndToEnd.Tests.Clients;

/// <summary>The <c>@anthropic-ai/sdk</c> package for Node: Messages.</summary>
public class AnthropicClientTests(AnthropicClientTests.Site site) : IClassFixture<AnthropicClientTests.Site>
{
    [ClientTheory]
    [InlineData("A user keeps one version, streamed or not")]
    [InlineData("Events arrive as they are sent, and the text is whole")]
    [InlineData("The streaming aid of the SDK gathers text and tools")]
    [InlineData("Aborting a stream reaches the agent, and is counted as the caller leaving")]
    [InlineData("A time limit of the SDK reaches the agent, and is counted as the caller leaving")]
    [InlineData("Errors of the agent arrive as the types of the SDK")]
    [InlineData("An error in the middle of a stream arrives as the type of the SDK")]
    [InlineData("The SDK retries when the agent says how soon")]
    [InlineData("A stream that breaks is an error of the SDK and a broken stream of ours")]
    [InlineData("Refusals and cut answers arrive and are counted as such")]
    [InlineData("Counting tokens and listing models pass")]
    [InlineData("Work in a container keeps the version that made it")]
    [InlineData("When the weight grows users only join the canary, and containers stay")]
    [InlineData("At 100 % everybody is on the canary, and work that stable began ends there")]
    [InlineData("The whole rollout passed, and each call was counted once for what it was")]
    public void Through_the_gateway_the_anthropic_package_finds(string sentence) => site.Holds(sentence);

    [ClientFact]
    public void Its_program_found_nothing_else() => site.FoundNothingElse(15);

    public sealed class Site() : ClientSite("anthropic");
}
