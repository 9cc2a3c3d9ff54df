using System.Text.RegularExpressions;

namespace AgentCanary.Server.Tests.Files;

/// <summary>The reference of the rollout file says what the code does.</summary>
public sealed partial class ReferenceTests
{
    private static readonly string Reference = File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "rollout-file.md"));

    [Fact]
    public void Every_example_of_the_reference_is_accepted()
    {
        var examples = Example().Matches(Reference).Select(match => match.Groups[1].Value).ToArray();
        Assert.True(examples.Length >= 4, $"{examples.Length} examples");
        Assert.All(examples, example => Reading.Accepted(example));
    }

    [Theory]
    [InlineData("zzz: 1")]
    [InlineData("sticky: { zzz: 1 }")]
    [InlineData("analysis: { zzz: 1 }")]
    [InlineData("health: { zzz: 1 }")]
    [InlineData("pins: { zzz: 1 }")]
    [InlineData("shadow: { zzz: 1 }")]
    [InlineData("cohorts: { a: { header:x: { zzz: 1 } } }")]
    public void Every_key_that_a_section_knows_stands_in_the_reference(string unknown) => AssertDescribed(Reading.Of(RolloutText.Top(unknown)));

    [Theory]
    [InlineData("weight: 5%, zzz: 1")]
    [InlineData("weight: 5%, checks: [ { check: \"error_rate < 1%\", zzz: 1 } ]")]
    public void Every_key_that_a_stage_knows_stands_in_the_reference(string unknown) => AssertDescribed(Reading.Of(RolloutText.Stage(unknown)));

    [Fact]
    public void Every_key_that_a_version_knows_stands_in_the_reference() =>
        AssertDescribed(Reading.Of(RolloutText.Canary("version: v2, url: \"http://h\", zzz: 1")));

    private static void AssertDescribed(Spec.SpecResult result)
    {
        var message = Assert.Single(result.Faults).Message;
        Assert.StartsWith("unknown key: known here are ", message, StringComparison.Ordinal);
        foreach (var key in message["unknown key: known here are ".Length..].Split(", "))
            Assert.True(Reference.Contains($"`{key}`", StringComparison.Ordinal) || Reference.Contains($"`{key}: ", StringComparison.Ordinal), key);
    }

    [GeneratedRegex("```yaml\n(.*?)```", RegexOptions.Singleline)]
    private static partial Regex Example();
}
