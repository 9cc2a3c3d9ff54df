namespace AgentCanary.EndToEnd.Tests.Clients;

/// <summary>The clients of all protocols, which keep talking while the rollouts of their agents go from the first stage to the end by themselves.</summary>
public class WholeRolloutTests(WholeRolloutTests.Site site) : IClassFixture<WholeRolloutTests.Site>
{
    [ClientTheory]
    [InlineData("In every manner talks are begun on both versions")]
    [InlineData("No SDK sees an error while the rollouts go from their first stage to their end")]
    [InlineData("Every rollout went through its stages and was completed")]
    [InlineData("Every conversation ended on the version that began it, and no user left the canary")]
    [InlineData("Who begins behind the end begins on the canary")]
    [InlineData("Each call was counted once, and as a good one")]
    public void Through_a_whole_rollout_the_clients_find(string sentence) => site.Holds(sentence);

    [ClientFact]
    public void Their_program_found_nothing_else() => site.FoundNothingElse(6);

    public sealed class Site() : ClientSite("whole-rollout", "openai", "anthropic", "a2a", "mcp", "ag-ui")
    {
        // The first stage lasts until talks are begun on both versions, and some more come.
        protected override string Stages => """
            stages:
              - { name: quarter, weight: 25%, bake: 1s, min_requests: 60, checks: [ error_rate_delta < 0.01, safety_violations == 0 ] }
              - { name: half, weight: 50%, bake: 1s, min_requests: 20, checks: [ error_rate_delta < 0.01, safety_violations == 0 ] }
              - { name: full, weight: 100%, bake: 1s, min_requests: 20, checks: [ success_rate >= 1 ] }
            """;
    }
}
