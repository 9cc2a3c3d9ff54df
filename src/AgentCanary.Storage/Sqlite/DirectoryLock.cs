using System.Globalization;
using System.Text;
using AgentCanary.Control;

namespace AgentCanary.Storage.Sqlite;

/// <summary>Keeps a second server off a data directory. The system ends the lock with its process, however that ends, so none is ever left behind.</summary>
internal sealed class DirectoryLock : IDisposable
{
    // The system lets nobody read a locked file, so the holder's number stands in one of its own.
    private const string Name = "agentcanary.lock", HolderName = "agentcanary.pid";

    private readonly FileStream _stream;

    private DirectoryLock(FileStream stream) => _stream = stream;

    /// <exception cref="StoreUnavailableException">Another process has the directory, or it cannot be written.</exception>
    public static DirectoryLock Take(string directory)
    {
        try
        {
            PrivateFiles.MakeDirectory(directory);
            var @lock = new DirectoryLock(PrivateFiles.Open(Path.Combine(directory, Name), FileShare.None));
            Sign(Path.Combine(directory, HolderName));
            return @lock;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            var why = IsHeld(exception)
                ? $"is in use by process {ReadHolder(Path.Combine(directory, HolderName)) ?? "unknown"}: stop that server"
                : $"cannot be used: {exception.Message} Make it writable";
            throw new StoreUnavailableException($"The data directory '{directory}' {why}, or name another directory with --data-dir.", exception);
        }
    }

    public void Dispose() => _stream.Dispose();

    // What the runtime says for a lock of another's: EWOULDBLOCK, or a sharing violation on Windows.
    private static bool IsHeld(Exception exception) => exception is IOException && (exception.HResult & 0xFFFF) is 11 or 32 or 35;

    // The number is for people alone: on a full disk the lock holds without it.
    private static void Sign(string path)
    {
        try
        {
            using var stream = PrivateFiles.Open(path, FileShare.ReadWrite);
            stream.SetLength(0);
            stream.Write(Encoding.ASCII.GetBytes(Environment.ProcessId.ToString(CultureInfo.InvariantCulture)));
        }
        catch (IOException)
        {
        }
    }

    private static string? ReadHolder(string path)
    {
        try
        {
            return File.ReadAllText(path) is { Length: > 0 and < 20 } holder ? holder : null;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }
}
