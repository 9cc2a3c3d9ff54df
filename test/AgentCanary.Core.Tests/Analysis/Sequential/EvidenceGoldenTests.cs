using AgentCanary.Analysis.Sequential;
using AgentCanary.Metrics;

namespace AgentCanary.Core.Tests.Analysis.Sequential;

/// <summary>What must not change unnoticed: a restart, another controller and a replay read what an earlier version wrote.</summary>
public class EvidenceGoldenTests
{
    private const string Pinned =
        "029003030CAC02000000000202000506030001000201010003000C010102000000000000F03F00000000000000400C00000000000000F83F00000000"
        + "0000004000000000000008400000000000007940020102000000000000F03F00000000000000400C00000000000000F83F0000000000000040000000"
        + "00000008400000000000007940020100000000000000000300000000000000C03F000000000000D03F00000000000020400000000000001C400A0101"
        + "09010004000000010301000000000000D03F0701000000000000E0BF000000000000E03F0102030405D8040000010002000000000001000000000000"
        + "00010000000000010102000000000000F03F00000000000000400C00000000000000F83F000000000000004000000000000008400000000000007940"
        + "000103280100AC0202C0C9A301009A9999999999A93F00000000000000000000000000000440";

    [Fact]
    public void Seeded_ticks_give_the_evidence_that_they_always_gave()
    {
        var world = new World(11, Weight.FromPercent(25), EvidenceLaws.Checks);
        for (var i = 0; i < 100; i++) world.Second(40, arm => EvidenceLaws.Drawn(world, arm));
        double[] expected =
        [
            -5.17452032980744, -4.440743570602324, -3.066702154363821, -5.860481648746848, -4.2237723098885755, -2.508891215036467, -3.39849387831083,
            -4.820712520574968, -4.394751806445563, -4.856480089546479, -1.9888631580252145, -10.469198485377989, -3.654361041923191, -6.607957749642367,
        ];
        Assert.All(expected.Select((logE, i) => (logE, i)), each => Assert.Equal(each.logE, world.Evidence.LogWorse(world.Terms, each.i), 1e-9));
        Assert.Equal(expected.Length, world.Terms.Checks.Length);
    }

    [Fact]
    public void The_bytes_of_evidence_are_pinned() => Assert.Equal(Pinned, Convert.ToHexString(EvidenceLaws.Bytes(Some())));

    [Fact]
    public void Bytes_that_end_early_or_name_too_much_are_refused()
    {
        var bytes = EvidenceLaws.Bytes(Some());
        Assert.Equal(Some(), EvidenceLaws.Read(bytes));
        for (var length = 0; length < bytes.Length; length++) Assert.ThrowsAny<IOException>(() => EvidenceLaws.Read(bytes[..length]));
        Assert.Throws<InvalidDataException>(() => EvidenceLaws.Read([0xFF, 0xFF, 0x7F]));
        Assert.Contains("a test of kind 9", Assert.Throws<InvalidDataException>(() => EvidenceLaws.Read([1, 0, 0, 0, 0, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0, 1, 9, .. new byte[64]])).Message, StringComparison.Ordinal);
    }

    private static SequentialEvidence Some()
    {
        var shape = new ShapeState { Components = [0.25], Stable = [1, 2, 3, 4, 5, 600], CanaryCount = 7, Restarts = 1, LogE = -0.5, LogMax = 0.5 };
        var rate = new RateState { Components = [1, 2], StableBad = 3, StableCount = 400, CanaryCount = 12, LogE = 1.5, LogMax = 2 };
        var score = new ScoreState { Components = [0], Sum = 8, Squares = 7, Count = 10, CanaryCount = 3, LogE = 0.125, LogMax = 0.25 };
        return new()
        {
            Checks =
            [
                new()
                {
                    Total = new(400, 3, 12, 300),
                    Tracks =
                    [
                        new() { Open = new(BucketCounts.Of([5, 6]), BucketCounts.Of([1, 0, 2]), BucketCounts.Of([3])), ClosedCanary = 12, Rollback = rate, Promotions = [rate, score] },
                        new() { Open = Observed.Of(BucketCounts.Of([0, 9]), BucketCounts.Of([4])), Rollback = shape },
                    ],
                },
                new() { Total = new(1, 0, 2, 0), Tracks = [new()], Ratio = new() { Rollback = rate } },
            ],
            DesignEffect = 2.5,
            Calibrations = [new(BucketCounts.Of([1, 0, 300], 40), [2_680_000, 0], [0.05, 0])],
        };
    }
}
