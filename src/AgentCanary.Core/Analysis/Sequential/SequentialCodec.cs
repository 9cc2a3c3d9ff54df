using System.Collections.Immutable;
using AgentCanary.Metrics;

namespace AgentCanary.Analysis.Sequential;

/// <summary>The evidence as bytes, to the last bit.</summary>
internal static class SequentialCodec
{
    private const int MostParts = 1_000;

    public static void Write(BinaryWriter writer, SequentialEvidence evidence)
    {
        writer.Write7BitEncodedInt(evidence.Checks.Length);
        foreach (var check in evidence.Checks)
        {
            Write(writer, check.Total);
            Write(writer, check.Left);
            writer.Write7BitEncodedInt(check.Tracks.Length);
            foreach (var track in check.Tracks) Write(writer, track);
            writer.Write(check.Ratio is not null);
            if (check.Ratio is { } ratio) Write(writer, ratio);
        }
        writer.Write7BitEncodedInt(evidence.Calibrations.Length);
        foreach (var calibration in evidence.Calibrations)
        {
            Write(writer, calibration.Seen);
            writer.Write7BitEncodedInt(calibration.Frozen.Length);
            foreach (var cut in calibration.Frozen) writer.Write7BitEncodedInt64(cut);
            foreach (var share in calibration.Beyond) writer.Write(share);
        }
        writer.Write(evidence.DesignEffect);
    }

    public static SequentialEvidence Read(BinaryReader reader) => new()
    {
        Checks = Many(reader, static reader => new CheckEvidence { Total = ReadBlock(reader), Left = ReadBlock(reader), Tracks = Many(reader, ReadTrack), Ratio = reader.ReadBoolean() ? ReadTrack(reader) : null }),
        Calibrations = Many(reader, ReadCalibration),
        DesignEffect = reader.ReadDouble(),
    };

    private static Calibration ReadCalibration(BinaryReader reader)
    {
        var (seen, frozen) = (ReadCounts(reader), Many(reader, static reader => reader.Read7BitEncodedInt64()));
        return new(seen, frozen, [.. frozen.Select(_ => reader.ReadDouble())]);
    }

    private static void Write(BinaryWriter writer, TrackEvidence track)
    {
        Write(writer, track.Open);
        writer.Write7BitEncodedInt(track.Reported.Length);
        foreach (var (stage, open) in track.Reported)
        {
            writer.Write7BitEncodedInt(stage);
            Write(writer, open);
        }
        writer.Write7BitEncodedInt64(track.ClosedCanary);
        writer.Write(track.Rollback is not null);
        if (track.Rollback is { } rollback) TestStateCodec.Write(writer, rollback);
        writer.Write7BitEncodedInt(track.Promotions.Length);
        foreach (var promotion in track.Promotions) TestStateCodec.Write(writer, promotion);
    }

    private static TrackEvidence ReadTrack(BinaryReader reader) => new()
    {
        Open = ReadObserved(reader),
        Reported = Many(reader, static reader => (reader.Read7BitEncodedInt(), ReadObserved(reader))),
        ClosedCanary = reader.Read7BitEncodedInt64(),
        Rollback = reader.ReadBoolean() ? TestStateCodec.Read(reader) : null,
        Promotions = Many(reader, TestStateCodec.Read),
    };

    private static void Write(BinaryWriter writer, Observed observed)
    {
        Write(writer, observed.Stable);
        Write(writer, observed.Canary);
        var isLenient = !ReferenceEquals(observed.Canary, observed.Lenient) && !observed.Canary.Equals(observed.Lenient);
        writer.Write(isLenient);
        if (isLenient) Write(writer, observed.Lenient);
    }

    private static Observed ReadObserved(BinaryReader reader)
    {
        var (stable, canary) = (ReadCounts(reader), ReadCounts(reader));
        return new(stable, canary, reader.ReadBoolean() ? ReadCounts(reader) : canary);
    }

    private static void Write(BinaryWriter writer, Block block)
    {
        writer.Write7BitEncodedInt64(block.StableCount);
        writer.Write7BitEncodedInt64(block.StableBad);
        writer.Write7BitEncodedInt64(block.CanaryCount);
        writer.Write7BitEncodedInt64(block.CanaryBad);
    }

    private static Block ReadBlock(BinaryReader reader) => new(reader.Read7BitEncodedInt64(), reader.Read7BitEncodedInt64(), reader.Read7BitEncodedInt64(), reader.Read7BitEncodedInt64());

    private static void Write(BinaryWriter writer, BucketCounts counts)
    {
        writer.Write7BitEncodedInt(counts.Counts.Length);
        if (counts.Counts.IsEmpty) return;
        writer.Write7BitEncodedInt(counts.First);
        foreach (var count in counts.Counts) writer.Write7BitEncodedInt64(count);
    }

    private static BucketCounts ReadCounts(BinaryReader reader)
    {
        var cells = new long[Length(reader)];
        var first = cells.Length == 0 ? 0 : Math.Clamp(reader.Read7BitEncodedInt(), 0, MostParts);
        foreach (ref var cell in cells.AsSpan()) cell = reader.Read7BitEncodedInt64();
        return BucketCounts.Of(cells, first);
    }

    internal static ImmutableArray<T> Many<T>(BinaryReader reader, Func<BinaryReader, T> read)
    {
        var parts = ImmutableArray.CreateBuilder<T>();
        for (var left = Length(reader); left > 0; left--) parts.Add(read(reader));
        return parts.DrainToImmutable();
    }

    private static int Length(BinaryReader reader) => reader.Read7BitEncodedInt() is >= 0 and <= MostParts and var length ? length
        : throw new InvalidDataException($"The evidence names more than {MostParts} parts of a kind: its row is damaged.");
}
