using AgentCanary.Core.Tests.Analysis.Sequential;
using AgentCanary.Planning;

namespace AgentCanary.Core.Tests.Planning;

public class SplitMix64Tests
{
    [Fact]
    public void The_generator_gives_the_published_numbers()
    {
        var vector = StatisticsVectors.Find("splitmix64");
        var random = new SplitMix64(vector.GetProperty("params").GetProperty("seed").GetUInt64());
        foreach (var expected in vector.GetProperty("u64").EnumerateArray()) Assert.Equal(expected.GetString(), $"{random.NextBits()}");
        foreach (var expected in vector.GetProperty("then_u01").EnumerateArray()) Assert.Equal(expected.GetDouble(), random.NextUnit(), 1e-15);
    }
}
