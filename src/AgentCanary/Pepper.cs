using System.Globalization;

namespace AgentCanary;

/// <summary>The secret that salts are made with, so that nobody outside can tell who will be on the canary.</summary>
public static class Pepper
{
    /// <summary>The environment variable: an unsigned 64-bit number, decimal or <c>0x…</c>.</summary>
    public const string Variable = "AGENTCANARY_PEPPER";

    /// <summary>Reads the pepper of this process: 0 where the variable is not set.</summary>
    /// <exception cref="FormatException">The variable is set to something else; a wrong pepper would move every user.</exception>
    public static ulong Read()
    {
        var text = Environment.GetEnvironmentVariable(Variable);
        if (string.IsNullOrEmpty(text)) return 0;
        var isHex = text.StartsWith("0x", StringComparison.OrdinalIgnoreCase);
        return ulong.TryParse(isHex ? text.AsSpan(2) : text, isHex ? NumberStyles.AllowHexSpecifier : NumberStyles.None, CultureInfo.InvariantCulture, out var pepper)
            ? pepper
            : throw new FormatException($"{Variable} must be an unsigned 64-bit number, decimal or 0x…; what it is set to is neither.");
    }
}
