namespace AgentCanary.EndToEnd.Tests.Architecture;

public sealed class FeatureGraphTests
{
    [Theory]
    [InlineData("using House.Beta;")]
    [InlineData("using static House.Beta.Roof;")]
    [InlineData("    private House.Beta.Roof _roof;")]
    [InlineData("    private Beta.Roof _roof;")]
    public void A_feature_is_named_by_a_using_line_or_by_a_qualified_name(string line)
    {
        var edge = Assert.Single(Graph(File("Alpha", "Door", line), File("Beta", "Roof")).Edges);
        Assert.Equal(("Alpha", "Beta"), (edge.From, edge.To));
    }

    [Theory]
    [InlineData("/// <see cref=\"House.Beta.Roof\"/>")]
    [InlineData("    Open(); // as House.Beta.Roof does")]
    [InlineData("    var roof = spec.Beta.Roof;")]
    [InlineData("using House.BetaTwo;")]
    [InlineData("using Other.Beta;")]
    public void A_comment_a_property_or_a_longer_name_is_no_naming(string line) =>
        Assert.Empty(Graph(File("Alpha", "Door", line), File("Beta", "Roof")).Edges);

    [Fact]
    public void A_ring_is_found_however_long_it_is() => Assert.Equal(
        ["Beta", "Gamma", "Delta", "Beta"],
        Graph(
            File("Alpha", "Door", "using House.Beta;"),
            File("Beta", "Roof", "using House.Gamma;"),
            File("Gamma", "Wall", "using House.Delta;"),
            File("Delta", "Floor", "using House.Beta;")).FindRing());

    [Fact]
    public void Two_ways_to_one_feature_are_no_ring() => Assert.Empty(Graph(
        File("Alpha", "Door", "using House.Beta;", "using House.Gamma;"),
        File("Beta", "Roof", "using House.Delta;"),
        File("Gamma", "Wall", "using House.Delta;"),
        File("Delta", "Floor")).FindRing());

    private static FeatureGraph Graph(params SourceFile[] files) => FeatureGraph.Of("House", "House", files);

    private static SourceFile File(string feature, string type, params string[] lines) =>
        new($"src/House/{feature}/{type}.cs", [.. lines, $"namespace House.{feature};", $"public sealed class {type};"]);
}
