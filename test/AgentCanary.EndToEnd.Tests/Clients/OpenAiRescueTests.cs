namespace AgentCanary.EndToEnd.Tests.Clients;

/// <summary>The <c>openai</c> package for Node, where the canary fails before its answers have content.</summary>
public class OpenAiRescueTests(OpenAiRescueTests.Site site) : IClassFixture<OpenAiRescueTests.Site>
{
    [ClientTheory]
    [InlineData("A streamed chat whose canary fails before content is stable's, whole and once")]
    [InlineData("The streaming aid of the SDK sees one whole chat")]
    [InlineData("A chain that begins with a rescue goes on at stable")]
    [InlineData("The failures are the canary's, and each call was counted once")]
    public void In_a_rescue_the_openai_package_finds(string sentence) => site.Holds(sentence);

    [ClientFact]
    public void Its_program_found_nothing_else() => site.FoundNothingElse(4);

    public sealed class Site() : ClientSite("openai-rescue", "openai")
    {
        protected override string Rescue => "before-first-byte";
    }
}
