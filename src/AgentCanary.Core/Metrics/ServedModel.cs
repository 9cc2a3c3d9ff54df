namespace AgentCanary.Metrics;

/// <summary>What was seen of one model that answers for an arm. Immutable.</summary>
/// <param name="Arm">The arm.</param>
/// <param name="Model">The model, as answers name it.</param>
/// <param name="Answers">How many answers named it.</param>
/// <param name="IsFirst">Whether it was among the arm's first answers.</param>
/// <param name="IsUnpriced">Whether one of its answers told its tokens and had no price.</param>
internal sealed record ServedModel(Arm Arm, string Model, long Answers, bool IsFirst, bool IsUnpriced)
{
    public void Write(BinaryWriter writer)
    {
        writer.Write((byte)Arm);
        writer.Write(Model);
        writer.Write7BitEncodedInt64(Answers);
        writer.Write(IsFirst);
        writer.Write(IsUnpriced);
    }

    public static ServedModel Read(BinaryReader reader) =>
        new((Arm)reader.ReadByte(), reader.ReadString(), reader.Read7BitEncodedInt64(), reader.ReadBoolean(), reader.ReadBoolean());
}
