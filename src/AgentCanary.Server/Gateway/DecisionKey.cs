using System.Security.Cryptography;

namespace AgentCanary.Server.Gateway;

/// <summary>The key of decision ids: a file of 32 random bytes that only its owner may read, made once.</summary>
internal static class DecisionKey
{
    public const int Bytes = 32;
    public const string FileName = "decision.key";

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
        var key = File.ReadAllBytes(path);
        return key.Length == Bytes ? key
            : throw new InvalidOperationException($"The key file '{path}' has {key.Length} bytes, not {Bytes}. Restore it, or delete it to have a new one made.");
    }

    // Written whole under another name first: a process that dies half-way leaves no half key, and the first of two wins.
    private static void Make(string path)
    {
        var draft = $"{path}.{Convert.ToHexString(RandomNumberGenerator.GetBytes(8))}";
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows()) options.UnixCreateMode = OwnerOnly;
        using (var file = new FileStream(draft, options))
        {
            file.Write(RandomNumberGenerator.GetBytes(Bytes));
            file.Flush(flushToDisk: true);
        }

        try
        {
            File.Move(draft, path, overwrite: false);
        }
        catch (IOException) when (File.Exists(path))
        {
            File.Delete(draft);
        }
    }
}
