using System.Collections.Immutable;
using System.Text;

namespace AgentCanary.Server.Reports;

/// <summary>A parked report as bytes, with a version.</summary>
internal static class ReportCodec
{
    private const byte Format = 1;

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
        writer.Flush();
        return stream.ToArray();
    }

    /// <summary>Reads a report; null where the bytes are damaged or of another version, for a report that waits is not worth a start that fails.</summary>
    public static Report? Read(ReadOnlyMemory<byte> bytes)
    {
        try
        {
            using var reader = new BinaryReader(new MemoryStream(bytes.ToArray(), writable: false), Encoding.UTF8);
            if (reader.ReadByte() != Format) return null;
            var (kind, id) = ((ReportKind)reader.ReadByte(), reader.ReadString());
            var key = new JoinKey((JoinKind)reader.ReadByte(), reader.ReadString(), reader.ReadBoolean() ? reader.ReadString() : null);
            var report = new Report(kind, id, key) { Violations = reader.ReadInt32(), Scores = ReadScores(reader) };
            return Enum.IsDefined(kind) && Enum.IsDefined(key.Kind) ? report : null;
        }
        catch (IOException)
        {
            return null;
        }
    }

    private static ImmutableArray<Score> ReadScores(BinaryReader reader)
    {
        var scores = ImmutableArray.CreateBuilder<Score>();
        for (var left = reader.ReadByte(); left > 0; left--) scores.Add(new(reader.ReadString(), reader.ReadDouble()));
        return scores.DrainToImmutable();
    }
}
