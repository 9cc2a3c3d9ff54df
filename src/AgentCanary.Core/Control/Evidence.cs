using System.Collections.Immutable;
using AgentCanary.Analysis.Sequential;
using AgentCanary.Metrics;

namespace AgentCanary.Control;

/// <summary>What is kept of the outcomes of an attempt, so that a restart goes on where it was. Immutable and thread-safe.</summary>
public sealed record Evidence
{
    private const byte Format = 11;

    // It had no counts of answers that told their tokens and their cost, of all stages.
    private const byte WithoutTold = 10;

    /// <summary>Gets the canary version that the evidence is about: evidence of another version is never used.</summary>
    public required string CanaryVersion { get; init; }

    /// <summary>Gets the attempt.</summary>
    public required int Attempt { get; init; }

    /// <summary>Gets the stage, from 0.</summary>
    public required int Stage { get; init; }

    /// <summary>Gets how long the stage has run.</summary>
    public TimeSpan Soak { get; init; }

    /// <summary>Gets the canary's outcomes of the stage.</summary>
    public MetricWindow Canary { get; init; } = MetricWindow.Empty;

    /// <summary>Gets control's outcomes of the stage.</summary>
    public MetricWindow Control { get; init; } = MetricWindow.Empty;

    /// <summary>Gets control's outcomes of the last stage that had a control, or null.</summary>
    public MetricWindow? LastControl { get; init; }

    /// <summary>Gets the evidence of the sequential tests, carried through all stages; null where plain figures are compared.</summary>
    public SequentialEvidence? Sequential { get; init; }

    /// <summary>Gets the scores of the stages that were left, in their order.</summary>
    public ImmutableArray<LeftScores> Left { get; init; } = [];

    /// <summary>Gets the distinct sticky keys of the stage.</summary>
    public KeyCounts Keys { get; init; } = KeyCounts.Empty;

    /// <summary>Gets whether the canary was seen to have another share of the users of the stage than the plan says.</summary>
    public bool IsShareBroken { get; init; }

    /// <summary>Gets a sample of the attempt's users on stable.</summary>
    public KeySample Sample { get; init; } = KeySample.Empty;

    /// <summary>Gets what each key scored before the canary served anybody, of the scores that are compared.</summary>
    internal ImmutableArray<ScoreHistory> Histories { get; init; } = [];

    /// <summary>Gets which models answered in the attempt.</summary>
    internal ImmutableArray<ServedModel> Models { get; init; } = [];

    /// <summary>Gets the canary's safety violations of the attempt.</summary>
    public long SafetyViolations { get; init; }

    /// <summary>Gets how many requests had started and not ended: what is lost if the process ends now.</summary>
    public long InFlight { get; init; }

    /// <summary>Gets how many requests were lost with the processes that ended.</summary>
    public long Dropped { get; init; }

    /// <summary>Gets evidence of nothing, for the present stage of a rollout.</summary>
    public static Evidence Of(RolloutState state)
    {
        ArgumentNullException.ThrowIfNull(state);
        return new() { CanaryVersion = state.Spec.Canary.Version, Attempt = state.Attempt, Stage = state.Stage };
    }

    /// <summary>
    /// Gets the evidence that the present stage of a rollout goes on with: all of it in the same stage, what outlives a stage in a later one,
    /// and nothing in another attempt or for another version.
    /// </summary>
    public Evidence Enter(RolloutState state)
    {
        var fresh = Of(state);
        if (CanaryVersion != fresh.CanaryVersion || Attempt != fresh.Attempt) return fresh;
        if (Stage == fresh.Stage) return this;
        return fresh with
        {
            LastControl = Control.Finished > 0 ? Control : LastControl,
            SafetyViolations = SafetyViolations,
            Dropped = Dropped,
            Sequential = Sequential,
            Sample = Sample,
            Models = Models,
            Left = LeaveStage(),
            Histories = state.CurrentStage.Weight > Weight.None ? Settle() : Histories,
        };
    }

    // What was learned while some of them were on the canary already says nothing of what they were like before.
    private ImmutableArray<ScoreHistory> Settle()
    {
        var (canary, control) = Left.Aggregate((Canary, Control), (sum, left) => (sum.Canary.Merge(left.Canary), sum.Control.Merge(left.Control)));
        return [.. Histories.Select(history => history.Settled(canary.Finished == 0 && canary.Scores.All(score => score.Name is Metric.Agreement or Metric.Refused) ? control.Score(history.Score) : null))];
    }

    // What was scored so far goes along, for the scores that come later to be added to it.
    private ImmutableArray<LeftScores> LeaveStage() => Canary.Scores.IsEmpty && Control.Scores.IsEmpty ? Left
        : LeftScores.Leave(Left, new(Stage, MetricWindow.OfScores(Canary.Scores), MetricWindow.OfScores(Control.Scores), HasNew: false));

    /// <summary>Gets the evidence after its process has ended: what had started and not ended is lost whole, for both arms, and counted.</summary>
    public Evidence AfterRestart() => this with { Dropped = Dropped + InFlight, InFlight = 0 };

    /// <summary>Writes the versioned form that a store keeps.</summary>
    public byte[] ToBytes()
    {
        using var stream = new MemoryStream();
        using var writer = new BinaryWriter(stream);
        writer.Write(Format);
        writer.Write(CanaryVersion);
        writer.Write(Attempt);
        writer.Write(Stage);
        writer.Write(Soak.Ticks);
        writer.Write(SafetyViolations);
        writer.Write(InFlight);
        writer.Write(Dropped);
        foreach (var window in (ReadOnlySpan<MetricWindow?>)[Canary, Control, LastControl]) Write(writer, window);
        writer.Write(Sequential is not null);
        if (Sequential is not null) SequentialCodec.Write(writer, Sequential);
        writer.Write(IsShareBroken);
        Keys.Write(writer);
        Sample.Write(writer);
        writer.Write7BitEncodedInt(Left.Length);
        foreach (var left in Left)
        {
            writer.Write7BitEncodedInt(left.Stage);
            writer.Write(left.HasNew);
            Write(writer, left.Canary);
            Write(writer, left.Control);
        }
        writer.Write7BitEncodedInt(Histories.Length);
        foreach (var history in Histories) history.Write(writer);
        writer.Write7BitEncodedInt(Models.Length);
        foreach (var model in Models) model.Write(writer);
        foreach (var told in (ReadOnlySpan<MetricWindow?>)[Sequential?.CanaryTold, Sequential?.ControlTold]) Write(writer, told);
        return stream.ToArray();
    }

    /// <summary>Reads the versioned form.</summary>
    /// <exception cref="InvalidDataException">The bytes are not of a form that this version knows; the evidence starts anew.</exception>
    public static Evidence Read(ReadOnlyMemory<byte> bytes)
    {
        try
        {
            using var reader = new BinaryReader(new MemoryStream(bytes.ToArray(), writable: false));
            var format = reader.ReadByte();
            if (format is not (Format or WithoutTold)) throw new InvalidDataException($"The evidence has form {format}, this version knows form {Format}: it was written by {(format < Format ? "an older" : "a newer")} version.");
            var read = Read(reader);
            // Of the stage they are known from its figures.
            var (canary, control) = format == WithoutTold ? (read.Canary, read.Control) : (Window(reader), Window(reader));
            return read with { Sequential = read.Sequential?.WithTold(canary ?? MetricWindow.Empty, control ?? MetricWindow.Empty) };
        }
        catch (EndOfStreamException cut)
        {
            throw new InvalidDataException("The evidence ends too early: its row was cut.", cut);
        }
    }

    private static Evidence Read(BinaryReader reader) => new()
    {
        CanaryVersion = reader.ReadString(),
        Attempt = reader.ReadInt32(),
        Stage = reader.ReadInt32(),
        Soak = TimeSpan.FromTicks(reader.ReadInt64()),
        SafetyViolations = reader.ReadInt64(),
        InFlight = reader.ReadInt64(),
        Dropped = reader.ReadInt64(),
        Canary = Window(reader) ?? MetricWindow.Empty,
        Control = Window(reader) ?? MetricWindow.Empty,
        LastControl = Window(reader),
        Sequential = reader.ReadBoolean() ? SequentialCodec.Read(reader) : null,
        IsShareBroken = reader.ReadBoolean(),
        Keys = KeyCounts.Read(reader),
        Sample = KeySample.Read(reader),
        Left = SequentialCodec.Many(reader, ReadLeft),
        Histories = SequentialCodec.Many(reader, ScoreHistory.Read),
        Models = SequentialCodec.Many(reader, ServedModel.Read),
    };

    private static LeftScores ReadLeft(BinaryReader reader)
    {
        var (stage, hasNew) = (reader.Read7BitEncodedInt(), reader.ReadBoolean());
        return new(stage, Window(reader) ?? MetricWindow.Empty, Window(reader) ?? MetricWindow.Empty, hasNew);
    }

    private static void Write(BinaryWriter writer, MetricWindow? window)
    {
        var bytes = window?.ToBytes() ?? [];
        writer.Write(bytes.Length);
        writer.Write(bytes);
    }

    private static MetricWindow? Window(BinaryReader reader)
    {
        var length = reader.ReadInt32();
        if (length < 0 || length > reader.BaseStream.Length - reader.BaseStream.Position) throw new InvalidDataException($"The evidence names a window of {length} bytes, more than there are.");
        return length == 0 ? null : MetricWindow.Read(reader.ReadBytes(length));
    }
}
