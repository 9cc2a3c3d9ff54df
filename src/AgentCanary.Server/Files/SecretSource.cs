using System.Text;
using AgentCanary.Spec;

namespace AgentCanary.Server.Files;

/// <summary>
/// Finds what <c>env:NAME</c> and <c>file:/path</c> stand for. Rollout files, states and events hold references only; the real value is read
/// here when an upstream is made, and goes nowhere else. Thread-safe. Faults name the reference, never the value.
/// </summary>
internal static class SecretSource
{
    private const int MostBytes = 8192;
    private const UnixFileMode Others = UnixFileMode.GroupRead | UnixFileMode.GroupWrite | UnixFileMode.GroupExecute
        | UnixFileMode.OtherRead | UnixFileMode.OtherWrite | UnixFileMode.OtherExecute;

    /// <summary>Finds a value. One that is no reference stands for itself.</summary>
    /// <param name="text">The value of a header as the file has it.</param>
    /// <param name="value">The real value; empty where there is a fault.</param>
    /// <returns>Null, or why there is no value and what to do.</returns>
    public static string? Find(string text, out string value)
    {
        value = text;
        if (!SecretText.IsReference(text)) return null;
        var (kind, name) = (text[..text.IndexOf(':', StringComparison.Ordinal)], text[(text.IndexOf(':', StringComparison.Ordinal) + 1)..]);
        var fault = kind == "env" ? ReadVariable(name, out value) : ReadFile(name, out value);
        if (fault is null && (value.Length == 0 || value.Any(letter => letter is < ' ' or > '~')))
            fault = $"{text} is empty or has letters that a header cannot carry: write visible ASCII on one line";
        if (fault is not null) value = "";
        return fault;
    }

    /// <summary>Names every reference of a rollout that leads nowhere, each with its path and what to do.</summary>
    public static IEnumerable<string> Missing(RolloutSpec spec) =>
        from place in new[] { ("stable", spec.Stable.Headers), ("canary", spec.Canary.Headers), ("shadow.judge", spec.Shadow?.Judge?.Headers ?? spec.Stable.Headers.Clear()) }
        from header in place.Item2
        let fault = Find(header.Value, out _)
        where fault is not null
        select $"{spec.Agent}: {place.Item1}.headers.{header.Key}: {fault}";

    private static string? ReadVariable(string name, out string value)
    {
        value = Environment.GetEnvironmentVariable(name) ?? "";
        return value.Length > 0 ? null : $"env:{name} is not set: set it where the server is started";
    }

    private static string? ReadFile(string path, out string value)
    {
        value = "";
        try
        {
            using var stream = File.OpenRead(path);
            if (!OperatingSystem.IsWindows() && (File.GetUnixFileMode(stream.SafeFileHandle) & Others) != 0)
                return $"file:{path} can be read by others: give it mode 0600";
            var buffer = new byte[MostBytes + 1];
            var length = stream.ReadAtLeast(buffer, buffer.Length, throwOnEndOfStream: false);
            if (length > MostBytes) return $"file:{path} is larger than {MostBytes} bytes: name a file that holds the secret alone";
            value = Encoding.UTF8.GetString(buffer, 0, length).TrimEnd('\r', '\n');
            return null;
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException or NotSupportedException)
        {
            return $"file:{path} cannot be read: check the path and its permissions";
        }
    }
}
