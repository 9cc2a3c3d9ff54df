using System.Collections.Immutable;

namespace AgentCanary.Metrics;

/// <summary>The bytes of a <see cref="MetricWindow"/>: one form for equal windows, and nothing is believed before it is checked.</summary>
internal static class MetricWindowCodec
{
    private const byte Version = 3;

    [Flags]
    private enum Parts : byte
    {
        None = 0,
        Latency = 1,
        FirstContent = 2,
        Users = 4,
    }

    public static byte[] Write(MetricWindow window)
    {
        var writer = new ByteWriter();
        writer.Byte(Version);
        writer.Byte((byte)PartsOf(window));
        foreach (var count in window.Totals.Classes) writer.Count(count);
        writer.Count(window.Totals.Reported);
        writer.Count(window.Missing);
        writer.Wide(window.Tokens);
        writer.Count(window.TokenCount);
        writer.Wide(window.CostSum);
        writer.Count(window.CostCount);
        writer.Count(window.UsageUnknown);
        writer.Count(window.Unpriced);
        writer.Scores(window.Scores);
        if (window.Latency is { } latency) writer.Snapshot(latency);
        if (window.FirstContent is { } firstContent) writer.Snapshot(firstContent);
        if (window.Users is { } users) writer.Sketch(users);
        return writer.Sealed();
    }

    public static MetricWindow Read(ReadOnlySpan<byte> bytes)
    {
        if (bytes.IsEmpty) throw new InvalidDataException("The window has no bytes.");
        if (bytes[0] != Version) throw Unknown(bytes[0]);
        var reader = new ByteReader(bytes);
        reader.Byte();
        var parts = (Parts)reader.Byte();
        if ((parts & ~(Parts.Latency | Parts.FirstContent | Parts.Users)) != 0) throw ByteReader.Damaged($"unknown parts {(byte)parts}");
        var classes = new long[ArmTotals.ClassCount];
        foreach (ref var count in classes.AsSpan()) count = reader.Count();
        var window = new MetricWindow
        {
            Totals = new() { Classes = ImmutableArray.Create(classes), Reported = reader.Count() },
            Missing = reader.Count(),
            Tokens = reader.Wide(),
            TokenCount = reader.Count(),
            CostSum = reader.Wide(),
            CostCount = reader.Count(),
            UsageUnknown = reader.Count(),
            Unpriced = reader.Count(),
            Scores = reader.Scores(),
            Latency = parts.HasFlag(Parts.Latency) ? reader.Snapshot() : null,
            FirstContent = parts.HasFlag(Parts.FirstContent) ? reader.Snapshot() : null,
            Users = parts.HasFlag(Parts.Users) ? reader.Sketch() : null,
        };
        reader.End();
        if (window.Missing > window[OutcomeClass.Timeout])
            throw ByteReader.Damaged($"{window.Missing} missing of {window[OutcomeClass.Timeout]} timed out");
        return window;
    }

    private static InvalidDataException Unknown(byte version) => new(
        $"The window is of version {version}; this program reads version {Version}. Use the program that wrote it, or a newer one.");

    private static Parts PartsOf(MetricWindow window) =>
        (window.Latency is null ? 0 : Parts.Latency)
        | (window.FirstContent is null ? 0 : Parts.FirstContent)
        | (window.Users is null ? 0 : Parts.Users);
}
