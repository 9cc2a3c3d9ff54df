using System.Collections.Immutable;
using System.Text;

namespace AgentCanary.Server.Reports;

/// <summary>A parked report as bytes, with a version.</summary>
internal static class ReportCodec
{
    private const byte Format = 2;
    private const byte WithoutOutcomes = 1;

    // No figure of an outcome is below 0.
    private const long Absent = -1;

    public static byte[] Write(Report report)
    {
        using var stream = new MemoryStream();
        using var writer = new BinaryWriter(stream, Encoding.UTF8);
        writer.Write(Format);
        writer.Write((byte)report.Kind);
        writer.Write(report.Id);
        writer.Write((byte)report.Key.Kind);
        writer.Write(report.Key.Id);
        writer.Write(report.Key.Agent is not null);
        if (report.Key.Agent is { } agent) writer.Write(agent);
        writer.Write(report.Violations);
        writer.Write((byte)report.Scores.Length);
        foreach (var score in report.Scores)
        {
            writer.Write(score.Name);
            writer.Write(score.Value);
        }
        writer.Write(report.Outcome is not null);
        if (report.Outcome is { } outcome) Write(writer, outcome);
        writer.Flush();
        return stream.ToArray();
    }

    /// <summary>Reads a report; null where the bytes are damaged or of another version, for a report that waits is not worth a start that fails.</summary>
    public static Report? Read(ReadOnlyMemory<byte> bytes)
    {
        try
        {
            using var reader = new BinaryReader(new MemoryStream(bytes.ToArray(), writable: false), Encoding.UTF8);
            var format = reader.ReadByte();
            if (format is not (Format or WithoutOutcomes)) return null;
            var (kind, id) = ((ReportKind)reader.ReadByte(), reader.ReadString());
            var key = new JoinKey((JoinKind)reader.ReadByte(), reader.ReadString(), reader.ReadBoolean() ? reader.ReadString() : null);
            var report = new Report(kind, id, key) { Violations = reader.ReadInt32(), Scores = ReadScores(reader) };
            if (format is Format && reader.ReadBoolean()) report = report with { Outcome = ReadOutcome(reader) };
            return Enum.IsDefined(kind) && Enum.IsDefined(key.Kind) ? report : null;
        }
        catch (IOException)
        {
            return null;
        }
    }

    private static void Write(BinaryWriter writer, in Outcome outcome)
    {
        writer.Write((byte)outcome.Class);
        writer.Write(outcome.Latency?.Ticks ?? Absent);
        writer.Write(outcome.FirstContent?.Ticks ?? Absent);
        writer.Write(outcome.Tokens ?? Absent);
        writer.Write(outcome.Cost ?? Absent);
        writer.Write(outcome.SafetyViolations);
        writer.Write(outcome.Model is not null);
        if (outcome.Model is { } model) writer.Write(model);
    }

    private static Outcome ReadOutcome(BinaryReader reader) => new()
    {
        Class = (OutcomeClass)reader.ReadByte(),
        Latency = reader.ReadInt64() is >= 0 and var latency ? TimeSpan.FromTicks(latency) : null,
        FirstContent = reader.ReadInt64() is >= 0 and var first ? TimeSpan.FromTicks(first) : null,
        Tokens = reader.ReadInt64() is >= 0 and var tokens ? tokens : null,
        Cost = reader.ReadDouble() is >= 0 and var cost ? cost : null,
        SafetyViolations = reader.ReadInt32(),
        Model = reader.ReadBoolean() ? reader.ReadString() : null,
    };

    private static ImmutableArray<Score> ReadScores(BinaryReader reader)
    {
        var scores = ImmutableArray.CreateBuilder<Score>();
        for (var left = reader.ReadByte(); left > 0; left--) scores.Add(new(reader.ReadString(), reader.ReadDouble()));
        return scores.DrainToImmutable();
    }
}
