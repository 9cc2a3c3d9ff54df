using System.Collections.Immutable;
using AgentCanary.Metrics;

namespace AgentCanary.Analysis.Sequential;

/// <summary>The evidence as bytes, to the last bit.</summary>
internal static class SequentialCodec
{
    private const int MostChecks = 1000;
    private const int MostComponents = 64;

    public static void Write(BinaryWriter writer, SequentialEvidence evidence)
    {
        writer.Write(evidence.Checks.Length);
        foreach (var check in evidence.Checks)
        {
            Write(writer, check.Open);
            Write(writer, check.OpenPromotion);
            Write(writer, check.Total);
            writer.Write(check.StableEdge);
            writer.Write(check.ClosedCanary);
            writer.Write(check.Rollback is not null);
            if (check.Rollback is { } rollback) Write(writer, rollback);
            writer.Write(check.Promotions.Length);
            foreach (var promotion in check.Promotions) Write(writer, promotion);
        }
        var stable = evidence.Stable.ToBytes();
        writer.Write(stable.Length);
        writer.Write(stable);
    }

    public static SequentialEvidence Read(BinaryReader reader)
    {
        var checks = ImmutableArray.CreateBuilder<CheckEvidence>();
        var count = Bounded(reader.ReadInt32(), MostChecks);
        for (var i = 0; i < count; i++) checks.Add(ReadCheck(reader));
        var length = reader.ReadInt32();
        if (length < 0 || length > reader.BaseStream.Length - reader.BaseStream.Position) throw new InvalidDataException($"The evidence names a window of {length} bytes, more than there are.");
        return new() { Checks = checks.ToImmutable(), Stable = MetricWindow.Read(reader.ReadBytes(length)) };
    }

    private static CheckEvidence ReadCheck(BinaryReader reader)
    {
        var evidence = new CheckEvidence { Open = ReadBlock(reader), OpenPromotion = ReadBlock(reader), Total = ReadBlock(reader), StableEdge = reader.ReadInt32(), ClosedCanary = reader.ReadInt64() };
        var rollback = reader.ReadBoolean() ? ReadRate(reader) : null;
        var promotions = ImmutableArray.CreateBuilder<RateState>();
        var count = Bounded(reader.ReadInt32(), MostComponents);
        for (var i = 0; i < count; i++) promotions.Add(ReadRate(reader));
        return evidence with { Rollback = rollback, Promotions = promotions.ToImmutable() };
    }

    private static void Write(BinaryWriter writer, Block block)
    {
        writer.Write(block.StableCount);
        writer.Write(block.StableBad);
        writer.Write(block.CanaryCount);
        writer.Write(block.CanaryBad);
    }

    private static Block ReadBlock(BinaryReader reader) => new(reader.ReadInt64(), reader.ReadInt64(), reader.ReadInt64(), reader.ReadInt64());

    private static void Write(BinaryWriter writer, RateState state)
    {
        writer.Write(state.Components.Length);
        foreach (var component in state.Components) writer.Write(component);
        writer.Write(state.StableBad);
        writer.Write(state.StableCount);
        writer.Write(state.CanaryCount);
        writer.Write(state.Restarts);
        writer.Write(state.LogE);
        writer.Write(state.LogMax);
    }

    private static RateState ReadRate(BinaryReader reader)
    {
        var components = new double[Bounded(reader.ReadInt32(), MostComponents)];
        for (var i = 0; i < components.Length; i++) components[i] = reader.ReadDouble();
        return new()
        {
            Components = [.. components],
            StableBad = reader.ReadDouble(),
            StableCount = reader.ReadDouble(),
            CanaryCount = reader.ReadInt64(),
            Restarts = reader.ReadInt32(),
            LogE = reader.ReadDouble(),
            LogMax = reader.ReadDouble(),
        };
    }

    private static int Bounded(int count, int most) => count >= 0 && count <= most ? count : throw new InvalidDataException($"The evidence names {count} parts, where at most {most} can be: its row is damaged.");
}
