using AgentCanary.Routing;

namespace AgentCanary.Tests;

[Collection(nameof(EnvironmentVariables))]
public sealed class PepperTests : IDisposable
{
    private readonly string? _before = Environment.GetEnvironmentVariable(Pepper.Variable);

    public void Dispose() => Environment.SetEnvironmentVariable(Pepper.Variable, _before);

    [Theory]
    [InlineData("305419896", 305419896), InlineData("0x12345678", 305419896), InlineData("0XFFFFFFFFFFFFFFFF", ulong.MaxValue)]
    [InlineData("18446744073709551615", ulong.MaxValue), InlineData("", 0), InlineData(null, 0)]
    public void The_salt_of_a_deployment_is_made_with_the_pepper_of_the_environment(string? value, ulong pepper)
    {
        Environment.SetEnvironmentVariable(Pepper.Variable, value);
        var state = new CanaryDeployment("v1", "v2", options: new() { Name = "support-agent" }).State;
        Assert.Equal(StickyHash.Salt("support-agent", "v2", attempt: 1, pepper), state.Salt);
        Assert.Equal(pepper == 0, state.Salt == StickyHash.Salt("support-agent", "v2", attempt: 1, pepper: 0));
    }

    [Fact]
    public void A_pepper_of_the_options_goes_before_that_of_the_environment()
    {
        Environment.SetEnvironmentVariable(Pepper.Variable, "no number");
        Assert.Equal(7UL, new CanaryDeployment("v1", "v2", options: new() { Pepper = 7 }).State.Pepper);
    }

    [Theory]
    [InlineData("hunter2"), InlineData("0x"), InlineData("0xG1"), InlineData("-1"), InlineData("+17"), InlineData(" 17"), InlineData("17 "), InlineData("1e3"), InlineData("1,000")]
    [InlineData("18446744073709551616"), InlineData("0x10000000000000000")]
    public void A_malformed_pepper_is_refused_with_the_variable_and_the_rule_and_without_the_secret(string value)
    {
        Environment.SetEnvironmentVariable(Pepper.Variable, value);
        var refusal = Assert.Throws<FormatException>(() => new CanaryDeployment("v1", "v2"));
        Assert.StartsWith("AGENTCANARY_PEPPER must be an unsigned 64-bit number, decimal or 0x…", refusal.Message, StringComparison.Ordinal);
        Assert.DoesNotContain(value, refusal.Message.Replace("0x…", "", StringComparison.Ordinal), StringComparison.Ordinal);
    }
}
