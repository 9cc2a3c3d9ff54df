using System.Globalization;

namespace AgentCanary.Cli.Demo;

/// <summary>What the person asked the demo for.</summary>
/// <param name="Scenario">What the new version is like.</param>
/// <param name="Seconds">About how long a healthy rollout takes; the bake times follow from it.</param>
/// <param name="Seed">Where the agents' chance begins: the same seed draws the same faults.</param>
/// <param name="Json">Whether one JSON document is the only output.</param>
/// <param name="Report">Where the report goes, or null for a new file in the temporary directory.</param>
internal sealed record DemoOptions(DemoScenario Scenario, int Seconds, int Seed, bool Json, string? Report)
{
    public const int DefaultSeconds = 45;
    public const int FewestSeconds = 20;
    public const int MostSeconds = 600;

    /// <summary>Gets what an hour is here: time is compressed, so that the thumbs that users give an hour after their answers can be waited for.</summary>
    public TimeSpan Hour => TimeSpan.FromSeconds(Math.Round(Seconds / 10.0, 1));

    /// <summary>Gets the sentence that says so.</summary>
    public string Clock => string.Create(CultureInfo.InvariantCulture, $"Four answers in five get a thumb from their users, an hour later. An hour is {Hour.TotalSeconds:0.#} s here.");

    /// <summary>Gets how long the demo waits for the rollout to end before it says that it did not: a slow machine serves fewer users a second, so each stage takes longer to see enough of them.</summary>
    public TimeSpan Patience => TimeSpan.FromSeconds(Seconds + 120);
}
