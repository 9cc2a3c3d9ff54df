using System.Security.Cryptography;

namespace AgentCanary.Server.Gateway;

/// <summary>The key of decision ids: a file of 32 random bytes that only its owner may read, made once.</summary>
internal static class DecisionKey
{
    public const int Bytes = 32;
    public const string FileName = "decision.key";

    private const int MostLooks = 500;
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(10);

    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    /// <summary>Reads the key, or makes it where there is none. Two processes that start at once end with the same key.</summary>
    /// <exception cref="InvalidOperationException">The file is damaged, or others may read it.</exception>
    public static byte[] FindOrMake(string directory)
    {
        Directory.CreateDirectory(directory);
        var path = Path.Combine(directory, FileName);
        if (!File.Exists(path)) Make(path);
        if (!OperatingSystem.IsWindows() && (File.GetUnixFileMode(path) & ~OwnerOnly) != 0)
            throw new InvalidOperationException($"Others than its owner may use the key file '{path}'. Set its mode to 0600, or delete it to have a new one made.");
        var key = Read(path);
        return key.Length == Bytes ? key
            : throw new InvalidOperationException($"The key file '{path}' has {(key.Length > Bytes ? $"more than {Bytes}" : $"{key.Length}")} bytes, not {Bytes}. Restore it, or delete it to have a new one made.");
    }

    // The file itself is what the first of two processes wins: a rename would take the place of a key that the other one has already read.
    private static void Make(string path)
    {
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write, Share = FileShare.Read };
        if (!OperatingSystem.IsWindows()) options.UnixCreateMode = OwnerOnly;
        try
        {
            using var file = new FileStream(path, options);
            file.Write(RandomNumberGenerator.GetBytes(Bytes));
            file.Flush(flushToDisk: true);
        }
        catch (IOException) when (File.Exists(path))
        {
            // Another process makes it.
        }
    }

    // For a moment the key that another process makes is an empty file.
    private static byte[] Read(string path)
    {
        for (var left = MostLooks; ; left--)
        {
            using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
            var key = new byte[Bytes + 1];
            var length = file.ReadAtLeast(key, key.Length, throwOnEndOfStream: false);
            if (length > 0 || left == 0) return key[..length];
            Thread.Sleep(Pause);
        }
    }
}
