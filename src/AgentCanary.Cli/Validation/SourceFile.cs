using AgentCanary.Spec;

namespace AgentCanary.Cli.Validation;

/// <summary>A file that was named on the command line.</summary>
/// <param name="Name">The name as it was given.</param>
/// <param name="Bytes">What it holds; empty where it could not be read.</param>
/// <param name="Fault">Why it could not be read, or null.</param>
internal sealed record SourceFile(string Name, ReadOnlyMemory<byte> Bytes, SpecFault? Fault)
{
    /// <summary>Reads a file up to one byte more than is allowed, so that a large one is refused without being loaded.</summary>
    public static SourceFile Read(string name, int mostBytes)
    {
        try
        {
            if (Directory.Exists(name)) return Unread(name, "this is a directory: name a file in it");
            using var stream = name == "-" ? Console.OpenStandardInput() : File.OpenRead(name);
            var buffer = new byte[mostBytes + 1];
            return new(name, buffer.AsMemory(0, stream.ReadAtLeast(buffer, buffer.Length, throwOnEndOfStream: false)), null);
        }
        catch (Exception failure) when (failure is FileNotFoundException or DirectoryNotFoundException)
        {
            return Unread(name, "there is no such file: check the path");
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException)
        {
            return Unread(name, $"the file cannot be read: {failure.Message}");
        }
    }

    private static SourceFile Unread(string name, string message) => new(name, default, new(name, 1, 1, "", message));
}
