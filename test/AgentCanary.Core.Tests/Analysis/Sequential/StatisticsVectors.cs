using System.Text.Json;

namespace AgentCanary.Core.Tests.Analysis.Sequential;

/// <summary>The cases of <c>test/vectors/statistics.json</c>, whose values were computed with 50 digits.</summary>
internal static class StatisticsVectors
{
    private static readonly JsonElement Root = JsonDocument.Parse(File.ReadAllBytes(Path.Combine(AppContext.BaseDirectory, "vectors", "statistics.json"))).RootElement;

    public static TheoryData<string> Ids(string kind)
    {
        var data = new TheoryData<string>();
        foreach (var vector in Root.GetProperty("cases").EnumerateArray().Where(vector => vector.GetProperty("kind").GetString() == kind)) data.Add(vector.GetProperty("id").GetString()!);
        return data;
    }

    public static JsonElement Find(string id) => Root.GetProperty("cases").EnumerateArray().Single(vector => vector.GetProperty("id").GetString() == id);

    public static double Number(this JsonElement element, string name) => element.GetProperty(name).GetDouble();

    public static double Param(this JsonElement vector, string name, double otherwise = double.NaN) =>
        vector.GetProperty("params").TryGetProperty(name, out var value) ? value.GetDouble() : otherwise;

    public static double[] Numbers(this JsonElement element) => [.. element.EnumerateArray().Select(value => value.GetDouble())];

    public static void Close(double expected, double actual) => Assert.True(
        Math.Abs(expected - actual) <= 1e-9 * Math.Max(1, Math.Abs(expected)), $"expected {expected:R}, got {actual:R}");

    public static void Close(double[] expected, IReadOnlyList<double> actual)
    {
        Assert.Equal(expected.Length, actual.Count);
        for (var i = 0; i < expected.Length; i++) Close(expected[i], actual[i]);
    }
}
