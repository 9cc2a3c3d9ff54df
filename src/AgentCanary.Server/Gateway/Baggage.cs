using System.Text;
using Microsoft.Extensions.Primitives;

namespace AgentCanary.Server.Gateway;

/// <summary>The member of W3C baggage that carries a version pin. The other members pass as they are, byte for byte.</summary>
internal static class Baggage
{
    public const string Name = "baggage";

    public const string Member = "canary.pin";

    // What the recommendation has everybody pass on.
    private const int MostBytes = 8192;

    /// <summary>Finds the member's value, without its properties; null where there is none, or more than one.</summary>
    public static string? Find(StringValues header)
    {
        string? found = null;
        foreach (var line in header)
        {
            foreach (var range in line.AsSpan().Split(','))
            {
                if (!IsOurs(line.AsSpan()[range])) continue;
                if (found is not null) return null;
                var value = line.AsSpan()[range];
                value = value[(value.IndexOf('=') + 1)..];
                found = (value.IndexOf(';') is >= 0 and var end ? value[..end] : value).Trim().ToString();
            }
        }

        return found;
    }

    /// <summary>Takes the member off, and adds another one.</summary>
    /// <param name="header">The header's lines.</param>
    /// <param name="pin">The pin to carry, or null for none.</param>
    /// <returns>The header in one line, or null where nothing is left; without the pin where the line would be longer than everybody passes on.</returns>
    public static string? With(StringValues header, CarriedPin? pin)
    {
        if (header.Count == 0) return pin?.Member;
        var kept = new StringBuilder();
        foreach (var line in header)
        {
            foreach (var range in line.AsSpan().Split(','))
            {
                var member = line.AsSpan()[range];
                if (member.IsWhiteSpace() || IsOurs(member)) continue;
                if (kept.Length > 0) kept.Append(',');
                kept.Append(member);
            }
        }

        if (pin is not null && kept.Length + 1 + pin.Member.Length <= MostBytes) kept.Append(kept.Length > 0 ? "," : "").Append(pin.Member);
        return kept.Length == 0 ? null : kept.ToString();
    }

    private static bool IsOurs(ReadOnlySpan<char> member)
    {
        var end = member.IndexOf('=');
        return end > 0 && member[..end].Trim().Equals(Member, StringComparison.OrdinalIgnoreCase);
    }
}
