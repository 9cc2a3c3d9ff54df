using SupportAgent;

namespace AgentCanary.Samples.Tests;

public sealed class KnobReaderTests
{
    [Fact]
    public void The_command_line_wins_over_the_environment()
    {
        var knobs = KnobReader.Read(["--error-rate=0.2", "--latency-median", "1.5s"], name => name switch
        {
            "SUPPORT_AGENT_ERROR_RATE" => "0.9",
            "SUPPORT_AGENT_REFUSAL_RATE" => "5%",
            _ => null,
        });
        Assert.Equal(0.2, knobs.ErrorRate);
        Assert.Equal(0.05, knobs.RefusalRate);
        Assert.Equal(TimeSpan.FromSeconds(1.5), knobs.LatencyMedian);
    }

    [Theory]
    [InlineData("--error-rate", "1.5", "--error-rate is '1.5'; it has to be a number from 0 to 1.")]
    [InlineData("--error-rate", "NaN", "--error-rate is 'NaN'; it has to be a number from 0 to 1.")]
    [InlineData("--seed", "1.5", "--seed is '1.5'; it has to be a whole number from -2147483648 to 2147483647.")]
    [InlineData("--port", "70000", "--port is '70000'; it has to be a whole number from 0 to 65535.")]
    [InlineData("--version", "", "--version is empty; give it a value.")]
    public void A_value_that_breaks_the_rule_is_named_with_the_rule(string option, string value, string message) =>
        Assert.Equal(message, Assert.Throws<FormatException>(() => KnobReader.Read([option, value], _ => null)).Message);

    [Theory]
    [InlineData("--speed", "There is no option '--speed'.")]
    [InlineData("speed", "'speed' is not an option")]
    [InlineData("--seed", "--seed has no value.")]
    public void An_argument_that_is_no_option_is_refused(string argument, string message)
    {
        string[] args = argument == "--speed" ? ["--speed", "1"] : [argument];
        Assert.StartsWith(message, Assert.Throws<FormatException>(() => KnobReader.Read(args, _ => null)).Message, StringComparison.Ordinal);
    }
}
