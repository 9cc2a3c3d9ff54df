namespace AgentCanary.EndToEnd.Tests.Clients;

/// <summary>The <c>openai</c> package for Node: Chat Completions, Responses and Conversations.</summary>
public class OpenAiClientTests(OpenAiClientTests.Site site) : IClassFixture<OpenAiClientTests.Site>
{
    [ClientTheory]
    [InlineData("A user keeps one version in chat, streamed or not")]
    [InlineData("Chat chunks arrive as they are sent, and the text is whole")]
    [InlineData("The streaming aid of the SDK gathers the whole chat")]
    [InlineData("Aborting a chat stream reaches the agent, and is counted as the caller leaving")]
    [InlineData("A time limit of the SDK reaches the agent, and is counted as the caller leaving")]
    [InlineData("Errors of the agent arrive as the types of the SDK")]
    [InlineData("The SDK retries when the agent says how soon")]
    [InlineData("A stream that breaks is an error of the SDK and a broken stream of ours")]
    [InlineData("Refusals and cut answers arrive and are counted as such")]
    [InlineData("Response events arrive as they are sent, and the text is whole")]
    [InlineData("Aborting a response stream reaches the agent, and is counted as the caller leaving")]
    [InlineData("A response in the background is polled, cancelled, read and deleted where it was made")]
    [InlineData("Chains of responses and conversations keep the version that began them")]
    [InlineData("When the weight grows users only join the canary, and conversations stay")]
    [InlineData("At 100 % everybody is on the canary, and conversations that stable began end there")]
    [InlineData("The whole rollout passed, and each call was counted once for what it was")]
    public void Through_the_gateway_the_openai_package_finds(string sentence) => site.Holds(sentence);

    [ClientFact]
    public void Its_program_found_nothing_else() => site.FoundNothingElse(16);

    public sealed class Site() : ClientSite("openai");
}
