namespace AgentCanary.Storage.Sqlite;

/// <summary>Files and directories that nobody but their owner may read, from before their first byte.</summary>
internal static class PrivateFiles
{
    private const UnixFileMode OwnerReadsAndWrites = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    /// <summary>Makes a directory of mode 0700. One that is there stays as it is: it may hold what others need.</summary>
    public static void MakeDirectory(string path)
    {
        if (OperatingSystem.IsWindows()) Directory.CreateDirectory(path);
        else Directory.CreateDirectory(path, OwnerReadsAndWrites | UnixFileMode.UserExecute);
    }

    /// <summary>Opens a file of mode 0600, made where it is missing; a wider mode that somebody left on it is narrowed.</summary>
    public static FileStream Open(string path, FileShare share)
    {
        // No buffer: what is written is written, and closing cannot fail for want of space.
        var options = new FileStreamOptions { Mode = FileMode.OpenOrCreate, Access = FileAccess.ReadWrite, Share = share, BufferSize = 0 };
        if (!OperatingSystem.IsWindows()) options.UnixCreateMode = OwnerReadsAndWrites;
        var stream = new FileStream(path, options);
        if (!OperatingSystem.IsWindows() && File.GetUnixFileMode(stream.SafeFileHandle) != OwnerReadsAndWrites)
            File.SetUnixFileMode(stream.SafeFileHandle, OwnerReadsAndWrites);
        return stream;
    }
}
