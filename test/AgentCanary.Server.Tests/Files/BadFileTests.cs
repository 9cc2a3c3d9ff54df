using System.Text;
using AgentCanary.Server.Files;

namespace AgentCanary.Server.Tests.Files;

public sealed class BadFileTests
{
    [Theory]
    [ClassData(typeof(BadNotation))]
    [ClassData(typeof(BadTop))]
    [ClassData(typeof(BadVersions))]
    [ClassData(typeof(BadStages))]
    [ClassData(typeof(BadChecks))]
    [ClassData(typeof(BadSections))]
    public void A_bad_file_is_refused_with_every_fault_its_place_and_what_would_be_right(string what, string text, string faults)
    {
        var result = Reading.Of(text);
        Assert.Equal(what + "\n" + faults, what + "\n" + Reading.Faults(result));
        Assert.False(result.IsValid);
        Assert.Empty(result.Specs);
    }

    [Fact]
    public void The_bad_files_are_many_and_all_different()
    {
        object[][] rows =
            [.. new BadNotation(), .. new BadTop(), .. new BadVersions(), .. new BadStages(), .. new BadChecks(), .. new BadSections()];
        var texts = rows.Select(row => (string)row[1]).ToArray();
        Assert.True(texts.Length >= 60, $"{texts.Length} files");
        Assert.Equal(texts.Length, texts.Distinct().Count());
    }

    [Fact]
    public void A_fault_names_its_file_line_column_path_and_message() =>
        Assert.Equal("a.yaml:5:9: rescue: 'never' is not one of off, connect, before-first-byte",
            Assert.Single(Reading.Of(RolloutText.Top("rescue: never")).Faults).ToString());

    [Fact]
    public void A_fault_in_json_names_the_line_and_column_of_the_json_text()
    {
        var result = Reading.Of("{\n\t\"agent\": \"a\",\n\t\"stable\": { \"version\": \"v1\", \"url\": \"http://h\" },\n"
            + "\t\"canary\": { \"version\": \"v2\", \"url\": \"http://h\" },\n\t\"stages\": [ { \"weight\": 5 } ]\n}");
        Assert.Equal("5:26: stages[0].weight: '5' is not a fraction of 0 to 1: write 5% for per cent", Reading.Faults(result));
    }

    [Fact]
    public void Files_are_judged_together_and_each_fault_names_its_own_file()
    {
        var result = Reading.Of(
            ("one.yaml", RolloutText.Minimal), ("two.yaml", "host: ["), ("three.yaml", RolloutText.Minimal + "rescue: never"));
        Assert.Equal(
            ["two.yaml:1:8: this is not YAML: While parsing a node, did not find expected node content.",
             "three.yaml:1:8: agent: agent 'a' has a rollout already, in one.yaml at line 1: an agent has one rollout at a time",
             "three.yaml:5:9: rescue: 'never' is not one of off, connect, before-first-byte"],
            result.Faults.Select(fault => fault.ToString()));
    }

    [Fact]
    public void A_file_that_is_not_utf8_is_refused_where_it_stops_being_so()
    {
        var result = RolloutFiles.Read("a.yaml", (byte[])[.. "agent: a\nhost: caf"u8, 0xe9, (byte)'x']);
        Assert.Equal("2:10: the file is not UTF-8 from here on: save it as UTF-8", Reading.Faults(result));
    }

    [Fact]
    public void A_file_in_utf16_is_refused() =>
        Assert.Equal("1:1: the file is not UTF-8 from here on: save it as UTF-8",
            Reading.Faults(RolloutFiles.Read(
                "a.yaml", (byte[])[.. Encoding.Unicode.GetPreamble(), .. Encoding.Unicode.GetBytes(RolloutText.Minimal)])));

    [Fact]
    public void No_fault_repeats_a_secret_that_stands_in_the_file()
    {
        const string Secret = "hunter2";
        string[] texts =
        [
            RolloutText.Canary($"version: v2, url: \"http://me:{Secret}@h\""),
            RolloutText.Canary($"version: v2, url: \"http://me:{Secret}@h /\""),
            RolloutText.Canary($"version: v2, url: \"ftp://me:{Secret}@h\""),
            RolloutText.Canary($"version: v2, url: \"http://h\", headers: {{ authorization: \"Bearer {Secret}\" }}"),
            RolloutText.Canary($"version: v2, url: \"http://h\", set: {{ api_key: {Secret} }}"),
            RolloutText.Top($"notify: [ {{ slack: https://hooks.example/{Secret} }} ]"),
            RolloutText.Top($"notify: [ {{ webhook: http://example.com/{Secret}, secret: {Secret} }} ]"),
        ];
        Assert.All(texts, text => Assert.NotEmpty(Reading.Of(text).Faults));
        Assert.All(texts, text => Assert.DoesNotContain(Secret, Reading.Faults(Reading.Of(text)), StringComparison.Ordinal));
    }
}
