using AgentCanary.Metrics;
using static AgentCanary.Core.Tests.Metrics.Calls;

namespace AgentCanary.Core.Tests.Metrics;

public sealed class MetricWindowCodecTests
{
    [Fact]
    public void An_unknown_version_is_refused_by_its_number()
    {
        var bytes = Window().ToBytes();
        bytes[0] = 7;
        Assert.Contains("version 7; this program reads version 3", Assert.Throws<InvalidDataException>(() => MetricWindow.Read(bytes)).Message, StringComparison.Ordinal);
        Assert.Throws<InvalidDataException>(() => MetricWindow.Read([]));
    }

    [Fact]
    public void Bytes_cut_short_anywhere_are_refused()
    {
        var bytes = Window().ToBytes();
        for (var length = 0; length < bytes.Length; length++)
        {
            Assert.Throws<InvalidDataException>(() => MetricWindow.Read(bytes.AsSpan(0, length)));
            if (length < bytes.Length - 8) Assert.Throws<InvalidDataException>(() => MetricWindow.Read(Sealed(bytes[..length])));
        }
    }

    [Fact]
    public void Every_single_flipped_bit_is_found()
    {
        var bytes = Window().ToBytes();
        for (var bit = 0; bit < bytes.Length * 8; bit++)
        {
            bytes[bit / 8] ^= (byte)(1 << (bit % 8));
            Assert.Throws<InvalidDataException>(() => MetricWindow.Read(bytes));
            bytes[bit / 8] ^= (byte)(1 << (bit % 8));
        }
    }

    [Theory, InlineData(1), InlineData(2), InlineData(3)]
    public void Damage_under_a_right_check_sum_is_refused_or_read_as_what_it_says_and_never_makes_much_memory(int seed)
    {
        var random = new Random(seed);
        var whole = Window().ToBytes()[..^8];
        MetricWindow.Read(Sealed(whole));
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var round = 0; round < 5_000; round++)
        {
            var bytes = whole.ToArray();
            for (var i = random.Next(1, 6); i > 0; i--) bytes[random.Next(1, bytes.Length)] = (byte)random.Next(256);
            bytes = Sealed(bytes);
            try
            {
                Assert.Equal(bytes, MetricWindow.Read(bytes).ToBytes());
            }
            catch (InvalidDataException)
            {
            }
        }
        Assert.InRange((GC.GetAllocatedBytesForCurrentThread() - before) / 5_000, 0, 64 * 1024);
    }

    [Fact]
    public void A_length_that_the_bytes_cannot_hold_is_refused_before_anything_is_made_of_it()
    {
        // Version, no parts, 13 classes, reported, missing; then 2^35 buckets.
        byte[] bytes = [3, 0, .. new byte[21], 0x80, 0x80, 0x80, 0x80, 0x80, 0x01, .. new byte[64]];
        var before = GC.GetAllocatedBytesForCurrentThread();
        Assert.Contains("34359738368 things", Assert.Throws<InvalidDataException>(() => MetricWindow.Read(Sealed(bytes))).Message, StringComparison.Ordinal);
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 64 * 1024);
    }

    [Fact]
    public void A_window_of_one_tick_is_small()
    {
        var recorder = Recorder();
        for (var i = 0; i < 100; i++) recorder.Run(Arm.Canary, Taking(100 + i));
        Assert.InRange(Assert.Single(recorder.Take(First + 1)).Canary.ToBytes().Length, 20, 64);
    }

    [Fact]
    public void The_form_of_version_3_is_pinned()
    {
        var recorder = Recorder(scores: "quality");
        recorder.Run(Arm.Canary, new() { Latency = TimeSpan.FromMilliseconds(100), Tokens = 350, Cost = 0.0021, Scores = [new("quality", 0.8)] });
        recorder.Run(Arm.Canary, new() { Class = OutcomeClass.Safety, SafetyViolations = 1 });
        recorder.Run(Arm.Canary, new() { Model = "gpt-x", Tokens = 42 });
        recorder.Run(Arm.Canary, new() { Model = "gpt-x" });
        Assert.Equal(Pinned, Convert.ToHexString(Assert.Single(recorder.Take(First + 1)).Canary.ToBytes()));
    }

    private const string Pinned = "0300030000000000010000000000000100900602C0AC800201010201077175616C6974790180D46180904E700168CBFA680047";

    private static byte[] Sealed(byte[] bytes) => [.. bytes, .. BitConverter.GetBytes(ByteWriter.CheckSum(bytes))];

    private static MetricWindow Window()
    {
        var recorder = Recorder(scores: ["quality", "speed"]);
        for (var i = 0; i < 40; i++)
        {
            recorder.Run(Arm.Canary, new()
            {
                Class = (OutcomeClass)(i % 13), Latency = TimeSpan.FromMilliseconds(i * i), FirstContent = TimeSpan.FromMilliseconds(i), Tokens = i, Cost = i / 7.0,
                Scores = [new("quality", i / 40.0), new("speed", -i)],
            }, (ulong)i);
        }
        return Assert.Single(recorder.Take(First + 1)).Canary.With(recorder.Latency(Arm.Canary), recorder.FirstContent(Arm.Canary), recorder.Users(Arm.Canary));
    }
}
