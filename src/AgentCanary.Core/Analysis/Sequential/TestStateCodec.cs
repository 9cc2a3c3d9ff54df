namespace AgentCanary.Analysis.Sequential;

/// <summary>The state of a test as bytes, to the last bit.</summary>
internal static class TestStateCodec
{
    private const byte Rate = 1;
    private const byte Score = 2;
    private const byte Shape = 3;

    public static void Write(BinaryWriter writer, TestState state)
    {
        writer.Write(state switch { RateState => Rate, ScoreState => Score, _ => Shape });
        writer.Write7BitEncodedInt(state.Components.Length);
        foreach (var component in state.Components) writer.Write(component);
        writer.Write7BitEncodedInt64(state.CanaryCount);
        writer.Write7BitEncodedInt(state.Restarts);
        writer.Write(state.LogE);
        writer.Write(state.LogMax);
        switch (state)
        {
            case RateState rate:
                writer.Write(rate.StableBad);
                writer.Write(rate.StableCount);
                break;
            case ScoreState score:
                writer.Write(score.Sum);
                writer.Write(score.Squares);
                writer.Write7BitEncodedInt64(score.Count);
                break;
            case ShapeState shape:
                foreach (var count in shape.Stable) writer.Write7BitEncodedInt64(count);
                break;
        }
    }

    public static TestState Read(BinaryReader reader)
    {
        var kind = reader.ReadByte();
        var components = SequentialCodec.Many(reader, static reader => reader.ReadDouble());
        var (canary, restarts, logE, logMax) = (reader.Read7BitEncodedInt64(), reader.Read7BitEncodedInt(), reader.ReadDouble(), reader.ReadDouble());
        TestState state = kind switch
        {
            Rate => new RateState { Components = components, StableBad = reader.ReadDouble(), StableCount = reader.ReadDouble() },
            Score => new ScoreState { Components = components, Sum = reader.ReadDouble(), Squares = reader.ReadDouble(), Count = reader.Read7BitEncodedInt64() },
            Shape => new ShapeState { Components = components, Stable = [.. Enumerable.Range(0, ShapeTest.BinCount).Select(_ => reader.Read7BitEncodedInt64())] },
            _ => throw new InvalidDataException($"The evidence names a test of kind {kind}, which this version does not know: its row is damaged."),
        };
        return state with { CanaryCount = canary, Restarts = restarts, LogE = logE, LogMax = logMax };
    }
}
