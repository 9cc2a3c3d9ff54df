using System.Text;
using AgentCanary.Server.Files;
using AgentCanary.Spec;
using AgentCanary.Testing;

namespace AgentCanary.Server.Tests.Files;

public sealed class HostileFileTests
{
    // Far above what reading takes, far below what a bomb would.
    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(5);

    public static TheoryData<string, string> Bombs { get; } = new()
    {
        { "brackets", new('[', 40_000) },
        { "many brackets", new('[', 250_000) },
        { "braces", new('{', 250_000) },
        { "brackets on lines of their own", string.Concat(Enumerable.Repeat("[\n", 120_000)) },
        { "brackets below the first guard", new('[', 500) },
        { "mappings in mappings", string.Concat(Enumerable.Repeat("{a: ", 60_000)) },
        { "lists in lists", string.Concat(Enumerable.Repeat("- ", 120_000)) },
        { "keys in keys", string.Concat(Enumerable.Repeat("? ", 120_000)) },
        { "lists in lists below the first guard", string.Concat(Enumerable.Repeat("- ", 500)) },
        { "deep indentation", string.Concat(Enumerable.Range(0, 700).Select(level => new string(' ', level) + "a:\n")) },
        { "aliases of aliases", Aliases() },
        { "anchors", string.Concat(Enumerable.Repeat("- &a b\n", 30_000)) },
        { "too many values", "a: [" + string.Concat(Enumerable.Repeat("1,", 100_000)) + "]" },
        { "too many keys", string.Concat(Enumerable.Range(0, 30_000).Select(key => $"k{key}: 1\n")) },
        { "as many keys as are allowed", string.Concat(Enumerable.Range(0, 4_900).Select(key => $"stage{key}: 1\n")) },
        { "as many stages as are allowed",
            RolloutText.Stages("stages:\n" + string.Concat(Enumerable.Repeat("  - { weight: 1% }\n", 3_000))) },
        { "as many bad checks as are allowed",
            RolloutText.Stages("stages:\n  - weight: 100%\n    checks:\n" + string.Concat(Enumerable.Repeat("      - a < 1\n", 9_000))) },
        { "many documents", string.Concat(Enumerable.Repeat("---\na: 1\n", 20_000)) },
        { "many directives", string.Concat(Enumerable.Repeat("%A b\n", 40_000)) },
        { "a file ten times too large", new('#', 10 * RolloutFileReader.MostBytes) },
        { "an open quote", "a: \"" + new string('\n', 250_000) },
        { "a long word", new('x', 250_000) },
        { "colons", "{" + new string(':', 250_000) },
        { "tags", new('!', 250_000) },
        { "question marks", "{" + string.Concat(Enumerable.Repeat("?\n", 120_000)) },
        { "bars", string.Concat(Enumerable.Repeat("a: |\n", 50_000)) },
    };

    [Theory]
    [MemberData(nameof(Bombs))]
    public async Task A_bomb_is_refused_soon(string what, string text) => await Fastest.IsWithinAsync(Soon, _ =>
    {
        var result = Reading.Of(text);
        Assert.NotEmpty(result.Faults);
        Assert.True(result.Specs.IsEmpty, what);
        return Task.CompletedTask;
    });

    [Theory]
    [InlineData(31, true)]
    [InlineData(32, false)]
    public void Values_nest_32_levels_and_no_deeper(int lists, bool isAccepted)
    {
        // Two levels are the document and canary, and set is a third.
        var field = new string('[', lists - 2) + "1" + new string(']', lists - 2);
        var result = Reading.Of(RolloutText.Canary($"version: v2, url: \"http://h\", set: {{ a: {field} }}"));
        Assert.Equal(isAccepted, result.IsValid);
        if (!isAccepted)
            Assert.EndsWith(
                "values nest deeper than 32 levels: write it flatter", Assert.Single(result.Faults).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_file_of_the_largest_size_is_read_and_one_byte_more_is_not()
    {
        var padded = $"{RolloutText.Minimal}#".PadRight(RolloutFileReader.MostBytes, 'x');
        Assert.True(Reading.Of(padded).IsValid);
        Assert.Equal("1:1: the file has more than 262144 bytes: write less, or several files", Reading.Faults(Reading.Of(padded + "x")));
    }

    [Fact]
    public void Ten_thousand_values_are_read_and_one_more_is_not()
    {
        SpecResult With(int items) => Reading.Of(
            RolloutText.Canary($"version: v2, url: \"http://h\", set: {{ a: [ {string.Join(',', Enumerable.Repeat("1", items))} ] }}"));
        // The rest of the file has 24 keys, values, lists and mappings.
        Assert.True(With(9_976).IsValid);
        Assert.Equal("the file has more than 10000 values: write less", Assert.Single(With(9_977).Faults).Message);
    }

    [Fact]
    public void A_text_with_brackets_is_no_bomb()
    {
        var prompt = string.Concat(Enumerable.Repeat("[ { ", 200));
        Assert.Equal($"\"{prompt}\"",
            Reading.Accepted(RolloutText.Canary($"version: v2, url: \"http://h\", set: {{ prompt: \"{prompt}\" }}")).Canary.Set["prompt"]);
    }

    private static string Aliases() =>
        "a: &a [ x, x ]\n" + string.Concat(Enumerable.Range('b', 20)
            .Select(letter => $"{(char)letter}: &{(char)letter} [ *{(char)(letter - 1)}, *{(char)(letter - 1)} ]\n"));
}
