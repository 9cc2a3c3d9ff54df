using AgentCanary.Planning;

namespace AgentCanary.Cli.Validation;

/// <summary>Reads a trace that was named on the command line, piece by piece.</summary>
internal static class TraceFile
{
    private const int PieceBytes = 1 << 16;

    /// <summary>Reads the whole file, or up to where reading on is of no use, and adds every fault.</summary>
    /// <param name="name">The name as it was given; <c>-</c> is standard input.</param>
    /// <param name="reader">What the bytes are given to.</param>
    /// <param name="faults">Where faults are added.</param>
    public static TraceReading Read(string name, TraceReader reader, List<string> faults)
    {
        if (Feed(name, reader) is { } unreadable) faults.Add($"{name}: {unreadable}");
        var reading = reader.Finish();
        faults.AddRange(reading.Faults.Select(fault => $"{name}:{fault.Line}: {fault.Message}"));
        if (reading.MoreFaults > 0) faults.Add($"{name}: and {reading.MoreFaults} more {(reading.MoreFaults == 1 ? "fault" : "faults")}");
        return reading;
    }

    private static string? Feed(string name, TraceReader reader)
    {
        try
        {
            if (Directory.Exists(name)) return "this is a directory: name a file in it";
            using var stream = name == "-" ? Console.OpenStandardInput() : new FileStream(name, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, bufferSize: 0, FileOptions.SequentialScan);
            var piece = new byte[PieceBytes];
            for (int length; !reader.IsHopeless && (length = stream.Read(piece)) > 0;) reader.Add(piece.AsSpan(0, length));
            return null;
        }
        catch (Exception failure) when (failure is FileNotFoundException or DirectoryNotFoundException)
        {
            return "there is no such file: check the path, or make one with agentcanary serve --record FILE";
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException)
        {
            return $"the file cannot be read: {failure.Message}";
        }
    }
}
